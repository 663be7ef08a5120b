import { parseSources } from './source.ts';

/** Search engines, from common knowledge. */
export const searchEngines = parseSources(
  'search',
  `
google googleads google_ads google-ads adwords google-search | google.* com.google.android.googlequicksearchbox
bing bingads bing_ads bing-ads microsoft microsoft-ads microsoft_ads | bing.com com.microsoft.bing cn.bing.com
msn | msn.com
yahoo | yahoo.* search.yahoo.co.jp search.yahoo.com
duckduckgo ddg | duckduckgo.com com.duckduckgo.mobile.android
yandex yandex_direct yandex-direct | yandex.* ya.ru ru.yandex.searchplugin
baidu | baidu.com com.baidu.searchbox
ecosia | ecosia.org com.ecosia.android
qwant | qwant.com
startpage | startpage.com ixquick.com
brave brave-search | search.brave.com
kagi | kagi.com
mojeek | mojeek.com mojeek.co.uk
naver | naver.com com.nhn.android.search
daum | daum.net
nate | nate.com
zum | zum.com
seznam | seznam.cz
centrum | centrum.cz
sogou | sogou.com
so.com 360 haosou | so.com haosou.com
shenma | sm.cn
toutiao | so.toutiao.com
coccoc | coccoc.com
petal petalsearch | petalsearch.com
ask | ask.com
aol | search.aol.com search.aol.co.uk aol.com
rambler | rambler.ru
mail.ru | go.mail.ru
sputnik | sputnik.ru
swisscows | swisscows.com swisscows.ch
presearch | presearch.com presearch.org presearch.io
lycos | lycos.com lycos.de lycos.fr
dogpile | dogpile.com
webcrawler | webcrawler.com
info.com | info.com
excite | excite.com excite.co.jp
metacrawler | metacrawler.com
metager | metager.org metager.de
searx searxng | searx.be searx.space
gibiru | gibiru.com
lilo | lilo.org search.lilo.org
oceanhero | oceanhero.today
ekoru | ekoru.org
gigablast | gigablast.com
yep | yep.com
marginalia | search.marginalia.nu marginalia-search.com
stract | stract.com
onesearch | onesearch.com
searchencrypt | searchencrypt.com
virgilio | virgilio.it
libero | ricerca.libero.it
arianna | arianna.libero.it
sapo | pesquisa.sapo.pt
onet | szukaj.onet.pl
interia | szukaj.interia.pl
wp.pl | szukaj.wp.pl
t-online-suche | suche.t-online.de
web.de-suche | suche.web.de
gmx-suche | suche.gmx.net
goo | search.goo.ne.jp
biglobe | search.biglobe.ne.jp
rakuten-search | websearch.rakuten.co.jp
docomo | search.docomo.ne.jp
au-search | sp-web.search.auone.jp
comcast | search.xfinity.com comcast.net
conduit | search.conduit.com
babylon | search.babylon.com
avg-search | search.avg.com mysearch.avg.com
avast-search | search.avast.com
norton-search | search.norton.com nortonsafe.search.ask.com
incredimail | search.incredimail.com
tut.by | search.tut.by
meta.ua | meta.ua
ukr.net | search.ukr.net
exalead | exalead.com
vivisimo | yippy.com
`,
);
