/** What a customer's page says to `PX.init`, beside the address of the SDK's file. */
export interface InitSettings {
  readonly apiKey: string;
  readonly projectId: string;
}

/**
 * Gives the script that a customer pastes: a stub queue that keeps calls until `/px.js` arrives, and
 * `PX.init`. A file of its own, since the site's policy allows no inline script. Source: contract 7.
 */
export function toInitScript(settings: InitSettings): string {
  const options = JSON.stringify(settings).slice(1, -1).replaceAll('<', '\\u003c');
  return `${stub}
PX.init({${options},"endpoint":location.origin});
`;
}

const stub = `!function(w,d,u){if(w.PX)return;var q=[],p=w.PX={_q:q},s=d.createElement("script");
"init track identify page flush reset".split(" ").map(m=>p[m]=(...a)=>{q.push([m,a,Date.now()])});
s.async=1;s.src=u;d.head.appendChild(s)}(window,document,"/px.js");`;
