/** What a customer's page says to `PX.init`, beside the address of the SDK's file. */
export interface InitSettings {
  readonly apiKey: string;
  readonly projectId: string;
}

/**
 * Gives the script that a customer pastes before the SDK's own tag: a stub that keeps calls until that file arrives,
 * and `PX.init`. A file of its own, since the site's policy allows no inline script; events wait less than the SDK's
 * own 5 s, since somebody watches. Source: contract 7.
 */
export function toInitScript(settings: InitSettings): string {
  const options = JSON.stringify(settings).slice(1, -1).replaceAll('<', '\\u003c');
  return `${stub}
PX.init({${options},"endpoint":location.origin,"flush":{"maxWaitMs":400}});
`;
}

const stub = `window.PX||(window.PX={_q:[]},"init track identify page group alias register unregister reset optOut optIn setConsent use ready flush"
.split(" ").map(m=>PX[m]=(...a)=>{PX._q.push([m,a,Date.now()])}));`;
