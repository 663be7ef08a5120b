/** One cookie of the page's host. Never throws; where cookies are denied it reads null. */
export interface Cookie {
  read(): string | null;
  write(value: string): void;
}

/** Builds the cookie `name`, kept 400 days, which is as long as browsers allow. `page` may throw when touched (sandboxed frame). */
export function createCookie(name: string, page: { cookie: string }, isSecure: boolean): Cookie {
  return {
    read: () => {
      try {
        const found = page.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`));
        return found ? found.slice(name.length + 1) : null;
      } catch {
        return null;
      }
    },
    write: (value) => {
      try {
        page.cookie = `${name}=${value}; path=/; max-age=34560000; samesite=lax${isSecure ? '; secure' : ''}`;
      } catch {
        // A sandboxed frame has no cookies; the storage beside it holds the id.
      }
    },
  };
}
