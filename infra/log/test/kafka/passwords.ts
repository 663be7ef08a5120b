/** Of each store with a key and a certificate. */
export const storePassword = 'for-tests';

/** Of the users `px`, who may do all, and `limited`, who may do what a test allows. */
export const kafkaPassword = 'px-secret';
