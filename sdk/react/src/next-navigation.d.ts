/** What of Next.js is used here, as it types it: next itself is the app's own, and a hundred megabytes. */
declare module 'next/navigation' {
  export function usePathname(): string | null;
  export function useParams(): Record<string, string | string[] | undefined> | null;
  export function useSearchParams(): { toString(): string } | null;
}
