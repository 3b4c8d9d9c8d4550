/**
 * no8wire: a web server and framework for Deno that owns its socket.
 *
 * `Deno.listen` accepts connections, a pure parser turns bytes into requests, a
 * router built on standard decorators hands them to your methods. One import,
 * no dependency, `deno run --allow-net`.
 *
 * ```ts ignore
 * import { get, serve } from "jsr:@no8/wire@^0.1.0";
 *
 * class Hello {
 *   @get("/hello/:name")
 *   greet({ name }: { name: string }) {
 *     return `Hello, ${name}.`;
 *   }
 * }
 *
 * serve(new Hello(), { port: 8080 });
 * ```
 *
 * The same without classes, and without a socket:
 *
 * ```ts
 * import { Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * app.get("/hello/:name", ({ name }) => `Hello, ${name}.`);
 *
 * const answer = await app.request("/hello/Ada");
 * assertEquals(await answer.text(), "Hello, Ada.");
 * ```
 *
 * A handler is `(input, c) => result`: `input` is what the client sent, `c` is
 * what the server adds. What is returned decides what is sent: text, data as
 * JSON, bytes, a stream, a `Response`, or nothing.
 *
 * @module
 */

export {
  serve,
  type ServeOptions,
  type Server,
  type ServerStats,
} from "./server.ts";
export type { ListenOptions } from "./server/listen.ts";
export { type Respond, serveConnection } from "./connection.ts";
export type { ConnectionOptions } from "./connection/settings.ts";
export { type AnswerInit, json, redirect, upgrade } from "./response.ts";
export type { Answer } from "./response/answer.ts";
export type { Body, Streamed, Take, Upgrade } from "./response/body.ts";
export type { Asking, Prepared } from "./response/prepared.ts";
export {
  file,
  type FileOptions,
  files,
  type FilesOptions,
} from "./features/files.ts";
export type { Accepts } from "./request/accepts.ts";
export type { Content } from "./request/content.ts";
export type { Part } from "./request/parts.ts";
export type { TrustProxy } from "./request/forwarding.ts";
export type { Observe } from "./request/observe.ts";
export type { Cookies } from "./request/cookies.ts";
export type { SignedCookies } from "./request/signed_cookies.ts";
export type { SigningKey } from "./request/signing_keys.ts";
export {
  Fault,
  type FaultCode,
  HttpError,
  type HttpErrorOptions,
} from "./errors.ts";
export {
  accessLog,
  type AccessLogEntry,
  type AccessLogOptions,
} from "./middleware/access_log.ts";
export { basicAuth, type BasicAuthOptions } from "./middleware/basic_auth.ts";
export {
  bearerAuth,
  type BearerChallenge,
  type BearerTokens,
  type BearerVerify,
} from "./middleware/bearer_auth.ts";
export { compress, type CompressOptions } from "./middleware/compress.ts";
export type { Coding } from "./middleware/compress/coders.ts";
export { cors, type CorsOptions } from "./middleware/cors.ts";
export { etag, type EtagOptions } from "./middleware/etag.ts";
export { requestId, type RequestIdOptions } from "./middleware/request_id.ts";
export {
  secureHeaders,
  type SecureHeadersOptions,
} from "./middleware/secure_headers.ts";
export { LIMITS, type Limits, TIMEOUTS, type Timeouts } from "./limits.ts";
export type {
  Address,
  RouteInfo,
  TrailerValue,
  Transport,
} from "./messages.ts";
export type { HintInit } from "./request/hints.ts";
export type { EventValue, ServerSentEvent } from "./wire/event_stream.ts";
export type { CookieAttributes } from "./wire/cookies.ts";
export type { Fields, FieldsInit } from "./wire/fields.ts";
export { type Html, html, type HtmlValue, raw } from "./wire/html.ts";
export {
  type AnySchema,
  type App,
  type BaseContext,
  type BuiltIn,
  catches,
  type CatchHandler,
  type Complete,
  type Context,
  controller,
  del,
  type ErrorClass,
  type EventContext,
  events,
  type FetchHandler,
  get,
  type Handler,
  type KindTable,
  type KindValues,
  type Middleware,
  type MiddlewareResult,
  type Mountable,
  type Next,
  on,
  type ParseKind,
  patch,
  post,
  put,
  type Route,
  Router,
  type RouterOptions,
  type SchemaIssue,
  type SchemaResult,
  type StandardSchema,
  toHandler,
} from "./router.ts";
export type {
  AnyVerb,
  Controller,
  Declare,
  DeclareEvents,
  DeclareOn,
  EventAdds,
  EventOptions,
  EventsDecorator,
  EventsVerb,
  Input,
  RouteDecorator,
  RouteOptions,
  Verb,
} from "./routing/types.ts";
