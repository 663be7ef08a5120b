import { parseSources } from './source.ts';

/** Social networks, messengers, forums and video sites, from common knowledge. */
export const socialNetworks = parseSources(
  'social',
  `
facebook fb facebook_ads facebookads facebook-ads meta meta_ads meta-ads an | facebook.com fb.com fb.me fb.watch com.facebook.katana com.facebook.lite
messenger msg | messenger.com m.me com.facebook.orca
instagram ig insta | instagram.com ig.me com.instagram.android
threads th | threads.net threads.com com.instagram.barcelona
twitter x | twitter.com x.com t.co com.twitter.android
linkedin li linkedin_ads linkedin-ads | linkedin.com lnkd.in com.linkedin.android
tiktok tiktokads tiktok_ads tiktok-ads | tiktok.com com.zhiliaoapp.musically com.ss.android.ugc.trill
youtube yt | youtube.com youtu.be youtube-nocookie.com com.google.android.youtube
pinterest pin | pinterest.* pin.it com.pinterest
reddit | reddit.com redd.it com.reddit.frontpage
snapchat snap | snapchat.com com.snapchat.android
whatsapp wa | whatsapp.com l.wl.co wa.me whatsapp.net com.whatsapp com.whatsapp.w4b
telegram tg | telegram.org t.me telegram.me org.telegram.messenger
discord | discord.com discordapp.com discord.gg com.discord
slack | slack.com com.slack
signal | signal.org org.thoughtcrime.securesms
viber | viber.com com.viber.voip
skype | web.skype.com
teams | teams.microsoft.com teams.live.com com.microsoft.teams
mastodon | mastodon.social mastodon.online mstdn.social mas.to fosstodon.org hachyderm.io infosec.exchange org.joinmastodon.android
bluesky bsky | bsky.app go.bsky.app xyz.blueskyweb.app
hackernews hacker-news hn | news.ycombinator.com
quora | quora.com
stackoverflow | stackoverflow.com stackexchange.com serverfault.com superuser.com askubuntu.com
dev.to | dev.to
hashnode | hashnode.com hashnode.dev
tumblr | tumblr.com t.umblr.com
medium | medium.com
substack | substack.com
vk vkontakte | vk.com vk.ru com.vkontakte.android
ok odnoklassniki | ok.ru odnoklassniki.ru
weibo | weibo.com weibo.cn t.cn com.sina.weibo
wechat weixin | weixin.qq.com wechat.com com.tencent.mm
qzone | qzone.qq.com
qq | im.qq.com
zhihu | zhihu.com
douban | douban.com
xiaohongshu rednote | xiaohongshu.com xhslink.com com.xingin.xhs
bilibili | bilibili.com b23.tv
douyin | douyin.com iesdouyin.com
kuaishou | kuaishou.com
youku | youku.com
niconico | nicovideo.jp nico.ms
line | line.me jp.naver.line.android
kakao kakaotalk | kakao.com com.kakao.talk
kakaostory | story.kakao.com
band | band.us
zalo | zalo.me com.zing.zalo
mixi | mixi.jp
ameba | ameblo.jp
hatena | hatena.ne.jp b.hatena.ne.jp
note.com | note.com
xing | xing.com
viadeo | viadeo.com
twitch | twitch.tv
kick | kick.com
rumble | rumble.com
odysee | odysee.com
peertube | framatube.org
vimeo | vimeo.com
dailymotion | dailymotion.com dai.ly
rutube | rutube.ru
dzen | dzen.ru
flickr | flickr.com
500px | 500px.com
deviantart | deviantart.com
behance | behance.net
dribbble | dribbble.com
nextdoor | nextdoor.com nextdoor.co.uk nextdoor.de
meetup | meetup.com
producthunt product-hunt | producthunt.com
lobsters | lobste.rs
lemmy | lemmy.world lemmy.ml
slashdot | slashdot.org
digg | digg.com
fark | fark.com
stumbleupon | stumbleupon.com mix.com
flipboard | flipboard.com
pocket | getpocket.com
instapaper | instapaper.com
diaspora | joindiaspora.com
gab | gab.com
parler | parler.com
gettr | gettr.com
truthsocial | truthsocial.com
minds | minds.com
mewe | mewe.com
livejournal | livejournal.com
goodreads | goodreads.com
letterboxd | letterboxd.com
steam | steamcommunity.com
soundcloud | soundcloud.com
strava | strava.com
yelp | yelp.com yelp.co.uk yelp.de
tripadvisor | tripadvisor.*
foursquare | foursquare.com swarmapp.com
wattpad | wattpad.com
patreon | patreon.com
kofi ko-fi | ko-fi.com
linktree | linktr.ee
clubhouse | clubhouse.com joinclubhouse.com
bereal | bereal.com
lemon8 | lemon8-app.com
taringa | taringa.net
hi5 | hi5.com
tagged | tagged.com
badoo | badoo.com
disqus | disqus.com
slideshare | slideshare.net
scribd | scribd.com
imgur | imgur.com
9gag | 9gag.com
buffer | buff.ly
hootsuite | ow.ly
`,
);
