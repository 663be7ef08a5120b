/** Gives what remembers a text by what it was made of, and makes it anew where that changed. */
export function keepText(): (key: string, make: () => string) => string {
  let known: string | undefined;
  let text = '';
  return (key, make) => {
    if (known !== key) [known, text] = [key, make()];
    return text;
  };
}
