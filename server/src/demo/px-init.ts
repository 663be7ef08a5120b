/** What a customer's page says to `PX.init`, beside the address of the SDK's file. */
export interface InitSettings {
  readonly apiKey: string;
  readonly projectId: string;
}

/**
 * Gives the script that a customer pastes: a stub queue that keeps calls until `/px.js` arrives, and
 * `PX.init`. A file of its own, since the site's policy allows no inline script; events wait less than
 * the SDK's own 5 s, since somebody watches. Source: contract 7.
 */
export function toInitScript(settings: InitSettings): string {
  const options = JSON.stringify(settings).slice(1, -1).replaceAll('<', '\\u003c');
  return `${stub}
PX.init({${options},"endpoint":location.origin,"flush":{"maxWaitMs":400}});
`;
}

const stub = `!function(w,d,u){if(w.PX)return;var q=[],p=w.PX={_q:q};
"init track identify page group alias register reset optOut optIn setConsent use ready flush".split(" ").forEach(function(m){
p[m]=function(){q.push([m,[].slice.call(arguments),Date.now()])}});
var s=d.createElement("script");s.async=1;s.src=u;d.head.appendChild(s)}(window,document,"/px.js");`;
