/** Parameters whose values name or let in a person, by a word of their name. */
const secretWord =
  /(^|[^a-z])(access|api|auth|card|cnpj|code|cpf|cvc|cvv|e-?mail|iban|jwt|key|otp|pass(word|wd|code|phrase)?|phone|pin|pwd|secret|session|sid|sig(nature)?|ssn|tel|token)($|[^a-z])/;
/** Mail addresses, and runs of digits with what groups them. */
const suspicious = /[\w.+-]+(@|%40)[\w-]+\.[\w.-]+|\d(?:[ .-]?\d|\/(?=\d{4}-))+/g;

/**
 * Builds the filter of addresses and of what is captured, which may be JSON. It hides the values of query parameters
 * that name a secret (and of `more`), mail addresses, and what looks like a card or a document such as CPF, CNPJ and
 * SSN: 11 digits and more in groups, or 11, 14, 15, 16 or 19 (13 after a 4) in one piece, or 3-2-4. Other long numbers
 * stay, since they are ids and times. Never throws.
 */
export function createScrub(more: readonly string[] = []): (text: string) => string {
  return (text) =>
    text
      .replace(/([?&#;]([^=&#?;"\s]+)=)[^&#;"\s]*/g, (all, head: string, key: string) =>
        more.includes(key) || secretWord.test(key.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()) ? `${head}*` : all,
      )
      .replace(suspicious, (run) => {
        const { length } = run.replace(/\D/g, '');
        const isPublic = run.length > length ? length < 11 : !/^(?:\d{11}|\d{14,16}|\d{19}|4\d{12})$/.test(run);
        return /@|%40|\d{3}-\d\d-\d{4}/.test(run) || !isPublic ? '*' : run;
      });
}
