import { parseSources } from './source.ts';

/** Mailboxes that people read in a browser or an app, and the click hosts of services that send mail. From common knowledge. */
export const mailServices = parseSources(
  'email',
  `
gmail | mail.google.com com.google.android.gm
outlook hotmail | outlook.live.com outlook.office.com outlook.office365.com outlook.com hotmail.com mail.live.com com.microsoft.office.outlook safelinks.protection.outlook.com
yahoo-mail yahoomail | mail.yahoo.com mail.yahoo.co.jp com.yahoo.mobile.client.android.mail
aol-mail | mail.aol.com
proton protonmail | mail.proton.me mail.protonmail.com ch.protonmail.android
tuta tutanota | mail.tutanota.com app.tuta.com
icloud | icloud.com
fastmail | fastmail.com app.fastmail.com
hey | app.hey.com
gmx | gmx.net gmx.com gmx.de gmx.at gmx.ch
web.de | web.de
t-online | email.t-online.de
freenet | email.freenet.de
mailbox.org | mailbox.org
posteo | posteo.de
zoho zoho-mail | mail.zoho.com mail.zoho.eu mail.zoho.in
yandex-mail | mail.yandex.ru mail.yandex.com ru.yandex.mail
mailru | e.mail.ru ru.mail.mailapp
rambler-mail | mail.rambler.ru
seznam-mail | email.seznam.cz
wp-mail | poczta.wp.pl poczta.onet.pl poczta.interia.pl poczta.o2.pl
libero-mail | mail.libero.it
virgilio-mail | mail.virgilio.it mail.tiscali.it
orange-mail | mail.orange.fr webmail.orange.fr messagerie.orange.fr mail01.orange.fr
sfr-mail | webmail.sfr.fr messagerie.sfr.fr
laposte | webmail.laposte.net
free-mail | webmail.free.fr zimbra.free.fr
bt-mail | email.bt.com
sky-mail | mail.sky.com
comcast-mail | connect.xfinity.com
att-mail | currently.att.yahoo.com
verizon-mail | mail.verizon.com
uol-mail | email.uol.com.br mail.uol.com.br
bol-mail | email.bol.uol.com.br
terra-mail | mail.terra.com.br
qq-mail | mail.qq.com exmail.qq.com
163 netease-mail | mail.163.com mail.126.com
sina-mail | mail.sina.com.cn
naver-mail | mail.naver.com
daum-mail | mail.daum.net
rediffmail | mail.rediff.com
docomo-mail | mail.smt.docomo.ne.jp
superhuman | mail.superhuman.com
roundcube | webmail.roundcube.net
spark-mail | com.readdle.spark
samsung-mail | com.samsung.android.email.provider
mailchimp | list-manage.com campaign-archive.com mailchi.mp
klaviyo | klclick.com klclick1.com klclick2.com klclick3.com
brevo sendinblue | sendibm1.com sendibm2.com sendibt2.com
sendgrid | sendgrid.net
mailjet | mjt.lu
mailerlite | mlsend.com mlsend2.com
convertkit kit | convertkit-mail.com convertkit-mail2.com ck.page
campaignmonitor campaign-monitor | createsend.com cmail19.com cmail20.com
constantcontact constant-contact | constantcontact.com rs6.net
getresponse | getresponse.com
activecampaign | activehosted.com
hubspot-email hs_email hs_automation | hubspotlinks.com hubspotemail.net
customer.io customerio | customeriomail.com
beehiiv | mail.beehiiv.com
sendy | sendy.co
mailgun | mailgun.org
postmark | pstmrk.it
rdstation rd-station | rdstation.email
braze | braze.com
iterable | links.iterable.com
salesforce-email sfmc exacttarget | exct.net
`,
);
