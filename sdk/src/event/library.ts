/** What the SDK calls itself in `context.library`. The version is package.json's, and a test holds them together. */
export const library = { name: 'px-web', version: '0.1.0' } as const;
