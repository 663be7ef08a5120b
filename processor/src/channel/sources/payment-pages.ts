/** Hosts, each with its subdomains, of pages where people pay and come back. From common knowledge. */
const hosts = `
paypal.com paypal.me paypal.cn checkout.stripe.com buy.stripe.com billing.stripe.com hooks.stripe.com invoice.stripe.com pay.stripe.com link.com
klarna.com adyen.com checkout.com authorize.net worldpay.com sagepay.com opayo.co.uk opayo.eu.elavon.com braintreegateway.com
braintree-api.com 2checkout.com checkout.paddle.com buy.paddle.com lemonsqueezy.com fastspring.com chargebee.com recurly.com
bluesnap.com cybersource.com cardinalcommerce.com arcot.com globalpay.com realexpayments.com rapyd.net nuvei.com safecharge.com
checkout.square.site checkout.shopify.com shop.app pay.google.com pay.amazon.com payments.amazon.com payments.amazon.co.uk payments.amazon.de
apple-pay-gateway.apple.com pay.weixin.qq.com alipay.com unionpay.com 95516.com paypay.ne.jp
mollie.com multisafepay.com paysafecard.com paysafe.com skrill.com neteller.com sofort.com giropay.de paydirekt.de ideal.nl bancontact.com
buckaroo.nl pay.nl icepay.com ogone.com ingenico.com worldline.com saferpay.com datatrans.com datatrans.biz postfinance.ch twint.ch six-payment-services.com
novalnet.de heidelpay.com unzer.com computop.com ratepay.com billpay.de wirecard.com eps-ueberweisung.at
paybox.com payplug.com lyra.com payzen.eu systempay.fr hipay.com lemonway.com monetico-services.com alma.eu getalma.eu oney.com scalapay.com
nexi.it satispay.com redsys.es bizum.es easypay.pt sibs.pt ifthenpay.com
przelewy24.pl payu.com payu.pl payu.in tpay.com dotpay.pl paynow.pl gopay.com gopay.cz comgate.cz barion.com simplepay.hu
vipps.no mobilepay.dk swish.nu trustly.com bambora.com nets.eu epay.dk quickpay.net paytrail.com checkout.fi verifone.cloud dibspayment.eu
gocardless.com wise.com revolut.me truelayer.com
afterpay.com clearpay.co.uk affirm.com sezzle.com zip.co laybuy.com splitit.com tabby.ai tamara.co postpay.io
razorpay.com paytm.com paytm.in securegw.paytm.in ccavenue.com billdesk.com phonepe.com cashfree.com instamojo.com easebuzz.in juspay.in
paystack.com paystack.co flutterwave.com ravepay.co interswitchng.com pesapal.com peachpayments.com payfast.co.za ozow.com yoco.com dpo.com
iyzico.com iyzipay.com paytr.com param.com.tr yookassa.ru yoomoney.ru robokassa.ru cloudpayments.ru securepay.tinkoff.ru qiwi.com
xendit.co midtrans.com doku.com omise.co 2c2p.com paymongo.com dragonpay.ph molpay.com ipay88.com vnpay.vn vnpayment.vn momo.vn
eway.com.au eway.io securepay.com.au windcave.com paymentexpress.com pinpayments.com
komoju.com sbpayment.jp gmopg.jp kgmobilians.com inicis.com tosspayments.com nicepay.co.kr ecpay.com.tw
pagseguro.uol.com.br pagseguro.com.br pagseguro.com pagbank.com.br pagbank.com pagar.me cielo.com.br userede.com.br getnet.com.br stone.com.br iugu.com
asaas.com picpay.com gerencianet.com.br efipay.com.br moip.com.br wirecard.com.br ebanx.com dlocal.com vindi.com.br appmax.com.br yampi.com.br
hotmart.com eduzz.com monetizze.com.br kiwify.com.br kiwify.com braip.com perfectpay.com.br ticto.com.br pepper.com.br cakto.com.br hubla.com
mercadopago.com mercadopago.com.br mercadopago.com.ar mercadopago.com.mx mercadopago.com.co mercadopago.com.uy mercadopago.com.pe mercadopago.cl
payulatam.com wompi.co epayco.co placetopay.com transbank.cl webpay.cl flow.cl khipu.com culqi.com niubiz.com.pe conekta.com conekta.io openpay.mx clip.mx
`;

const paymentHosts: ReadonlySet<string> = new Set(hosts.split(/\s+/).filter((host) => host !== ''));

/** Says whether a referrer's host (lower case) is a page where people pay, on the way back to the site they came from. Never throws. */
export function isPaymentPage(host: string): boolean {
  for (let rest = host; rest !== ''; rest = rest.slice(rest.indexOf('.') + 1)) {
    if (paymentHosts.has(rest)) return true;
    if (!rest.includes('.')) return false;
  }
  return false;
}
