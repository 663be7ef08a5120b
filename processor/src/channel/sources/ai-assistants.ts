import { parseSources } from './source.ts';

/** Assistants that answer and link to what they read, from common knowledge. Where a search engine answers on its own page, the host is the engine's and the visit counts as search. */
export const aiAssistants = parseSources(
  'ai',
  `
chatgpt openai | chatgpt.com chat.openai.com openai.com com.openai.chatgpt
perplexity | perplexity.ai pplx.ai ai.perplexity.app.android
claude anthropic | claude.ai claude.com com.anthropic.claude
gemini bard | gemini.google.com bard.google.com com.google.android.apps.bard
notebooklm | notebooklm.google.com notebooklm.google
copilot | copilot.microsoft.com copilot.cloud.microsoft copilot.com m365.cloud.microsoft edgeservices.bing.com com.microsoft.copilot
grok xai | grok.com x.ai ai.x.grok
deepseek | deepseek.com com.deepseek.chat
meta-ai meta_ai | meta.ai
mistral le-chat lechat | mistral.ai
duck.ai | duck.ai
you.com | you.com
poe | poe.com com.poe.android
phind | phind.com
pi | pi.ai
character.ai | character.ai
kimi | kimi.com kimi.ai kimi.moonshot.cn
doubao | doubao.com
qwen tongyi | chat.qwen.ai qwen.ai tongyi.aliyun.com tongyi.com qianwen.com
ernie yiyan wenxin | yiyan.baidu.com wenxiaoyan.com
chatglm zhipu | chatglm.cn chat.z.ai
yuanbao | yuanbao.tencent.com
genspark | genspark.ai
felo | felo.ai
komo | komo.ai
andisearch | andisearch.com
exa | exa.ai
consensus.app | consensus.app
elicit | elicit.com
manus | manus.im
lumo | lumo.proton.me
iask | iask.ai
getliner | getliner.com liner.com
monica.im | monica.im
writesonic chatsonic | writesonic.com
jasper.ai | jasper.ai
cohere | coral.cohere.com
groq | groq.com
`,
);
