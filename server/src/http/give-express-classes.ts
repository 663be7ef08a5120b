import { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';

/**
 * Gives classes for `createServer` whose instances have from the start the prototypes that express would set on each
 * request and response. Changing an object's prototype makes V8 forget what it knows of its shape, and slows down all
 * that node and express do with it afterwards. Source: `Object.setPrototypeOf` on MDN; `app.handle` of express 5.
 */
export function giveExpressClasses(app: Express): {
  IncomingMessage: typeof IncomingMessage;
  ServerResponse: typeof ServerResponse;
} {
  class AppRequest extends IncomingMessage {}
  class AppResponse<R extends IncomingMessage = IncomingMessage> extends ServerResponse<R> {}
  Object.setPrototypeOf(AppRequest.prototype, app.request);
  Object.setPrototypeOf(AppResponse.prototype, app.response);
  Object.assign(app, { request: AppRequest.prototype, response: AppResponse.prototype });
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
}
