/**
 * The catalogue of what can go wrong, and whose fault it is.
 *
 * A peer that breaks a rule earns a {@linkcode Fault}: a row of {@linkcode FAULTS}
 * with its status, its sentence and the place where the rule is written. The
 * parser *returns* faults, the content readers throw them. A handler that
 * refuses a request throws an {@linkcode HttpError}. Whatever else is thrown is
 * a bug of ours or of the application: a 500 that says nothing to the client.
 *
 * @module
 */

/** A row of the catalogue: the status a broken rule earns, and where it is written. */
interface Rule {
  readonly status: number;
  readonly rule: string;
  readonly says: string;
}

/** Every rule that a peer can break. Sentences never echo what the peer sent. */
export const FAULTS = {
  "line-end": {
    status: 400,
    rule: "RFC 9112 §2.2",
    says: "A line ends with CR LF, and neither stands alone",
  },
  "method": {
    status: 400,
    rule: "RFC 9112 §3.1",
    says: "The method is not a token followed by one space",
  },
  "method-size": {
    status: 501,
    rule: "RFC 9112 §3",
    says: "The method is longer than any that is implemented",
  },
  "method-unknown": {
    status: 501,
    rule: "RFC 9110 §9.1",
    says: "The method is not implemented",
  },
  "target": {
    status: 400,
    rule: "RFC 9112 §3.2",
    says: "The request target has an octet that no target may have",
  },
  "target-size": {
    status: 414,
    rule: "RFC 9112 §3",
    says: "The request target is longer than limits.target",
  },
  "target-form": {
    status: 400,
    rule: "RFC 9112 §3.2",
    says: "The form of the request target does not fit the method",
  },
  "target-scheme": {
    status: 400,
    rule: "RFC 9110 §7.4",
    says: "The scheme of the request target is not the one of this connection",
  },
  "target-host": {
    status: 400,
    rule: "RFC 9110 §4.2.1",
    says: "The host of the request target is empty, malformed or has userinfo",
  },
  "target-path": {
    status: 400,
    rule: "RFC 3986 §6.2.2",
    says:
      "The path has a dot segment, a backslash, an encoded NUL or escapes that are no text",
  },
  "version": {
    status: 400,
    rule: "RFC 9112 §2.3",
    says: "The request line does not end in HTTP/1.1 or HTTP/1.0",
  },
  "version-major": {
    status: 505,
    rule: "RFC 9110 §15.6.6",
    says: "Only HTTP/1.0 and HTTP/1.1 are spoken here",
  },
  "field-name": {
    status: 400,
    rule: "RFC 9112 §5.1",
    says: "A field name is not a token followed at once by a colon",
  },
  "field-value": {
    status: 400,
    rule: "RFC 9110 §5.5",
    says: "A field value has a control octet",
  },
  "fold": {
    status: 400,
    rule: "RFC 9112 §5.2",
    says: "A field line begins with white space",
  },
  "fields": {
    status: 431,
    rule: "RFC 6585 §5",
    says: "There are more field lines than limits.fields",
  },
  "head-size": {
    status: 431,
    rule: "RFC 6585 §5",
    says: "The head of the request is longer than limits.head",
  },
  "host": {
    status: 400,
    rule: "RFC 9112 §3.2",
    says: "The Host field is not a host with an optional port",
  },
  "host-missing": {
    status: 400,
    rule: "RFC 9112 §3.2",
    says: "An HTTP/1.1 request has no Host field",
  },
  "host-repeated": {
    status: 400,
    rule: "RFC 9112 §3.2",
    says: "There is more than one Host field",
  },
  "forwarded": {
    status: 400,
    rule: "RFC 7239 §4",
    says: "What proxies tell of the client is malformed or contradicts itself",
  },
  "length": {
    status: 400,
    rule: "RFC 9112 §6.3",
    says: "Content-Length is not one decimal number",
  },
  "length-repeated": {
    status: 400,
    rule: "RFC 9112 §6.3",
    says: "There is more than one Content-Length field",
  },
  "length-size": {
    status: 413,
    rule: "RFC 9110 §15.5.14",
    says: "Content-Length is beyond any content that can be counted",
  },
  "coding": {
    status: 400,
    rule: "RFC 9112 §6.1",
    says: "Transfer-Encoding is not chunked, once and last",
  },
  "coding-unknown": {
    status: 501,
    rule: "RFC 9112 §6.1",
    says: "Only the chunked transfer coding is implemented",
  },
  "coding-version": {
    status: 400,
    rule: "RFC 9112 §6.1",
    says: "An HTTP/1.0 request has a Transfer-Encoding field",
  },
  "framing": {
    status: 400,
    rule: "RFC 9112 §6.3",
    says: "Content-Length and Transfer-Encoding contradict each other",
  },
  "expectation": {
    status: 417,
    rule: "RFC 9110 §10.1.1",
    says: "Only the expectation 100-continue can be met",
  },
  "chunk-size": {
    status: 400,
    rule: "RFC 9112 §7.1",
    says: "A chunk size is not a hexadecimal number that can be counted",
  },
  "chunk-extension": {
    status: 400,
    rule: "RFC 9112 §7.1.1",
    says: "A chunk extension is malformed",
  },
  "chunk-extension-size": {
    status: 400,
    rule: "RFC 9112 §7.1.1",
    says: "The chunk extensions are longer than limits.chunkExtensions",
  },
  "chunk-overhead": {
    status: 400,
    rule: "RFC 9112 §7.1",
    says: "The chunks are too small for the content they carry",
  },
  "chunk-end": {
    status: 400,
    rule: "RFC 9112 §7.1",
    says: "The data of a chunk is not followed by CR LF",
  },
  "trailer-size": {
    status: 431,
    rule: "RFC 6585 §5",
    says: "The trailer section is longer than limits.trailers",
  },
  "trailer-fields": {
    status: 431,
    rule: "RFC 6585 §5",
    says: "There are more trailer fields than limits.trailerFields",
  },
  "content-size": {
    status: 413,
    rule: "RFC 9110 §15.5.14",
    says: "The content is longer than limits.body",
  },
  "form-boundary": {
    status: 400,
    rule: "RFC 2046 §5.1.1",
    says: "The Content-Type of the form has no boundary of 1 to 70 characters",
  },
  "form-delimiter": {
    status: 400,
    rule: "RFC 2046 §5.1.1",
    says: "A delimiter of the form is not followed by CR LF",
  },
  "form-empty": {
    status: 400,
    rule: "RFC 2046 §5.1.1",
    says:
      "The form has no part, for its delimiter is not at the begin of a line",
  },
  "form-cut": {
    status: 400,
    rule: "RFC 2046 §5.1.1",
    says: "The form ends before its closing delimiter",
  },
  "form-margin": {
    status: 400,
    rule: "RFC 2046 §5.1.1",
    says: "There are more than 8 KiB outside of the parts of the form",
  },
  "part-line": {
    status: 400,
    rule: "RFC 2046 §5.1",
    says: "A line in the head of a part is no field line that ends with CR LF",
  },
  "part-line-repeated": {
    status: 400,
    rule: "RFC 7578 §4.8",
    says: "A part has its disposition, type or transfer encoding twice",
  },
  "part-text": {
    status: 400,
    rule: "RFC 7578 §5.1",
    says: "The head of a part is not UTF-8",
  },
  "part-disposition": {
    status: 400,
    rule: "RFC 7578 §4.2",
    says: "A part has no Content-Disposition of form-data with one name",
  },
  "part-filename": {
    status: 400,
    rule: "RFC 8187 §3.2",
    says: "The parameter filename* of a part is not text in UTF-8",
  },
  "part-type": {
    status: 400,
    rule: "RFC 7578 §4.4",
    says: "The Content-Type of a part is no media type",
  },
  "part-coding": {
    status: 415,
    rule: "RFC 7578 §4.7",
    says: "A part has a transfer encoding that is not 7bit, 8bit or binary",
  },
  "part-head": {
    status: 413,
    rule: "RFC 9110 §15.5.14",
    says: "The head of a part is longer than limits.partHead",
  },
  "part-head-fields": {
    status: 413,
    rule: "RFC 9110 §15.5.14",
    says: "The head of a part has more lines than limits.partHeadFields",
  },
  "part-field": {
    status: 413,
    rule: "RFC 9110 §15.5.14",
    says: "A field of the form is longer than limits.partField",
  },
  "parts": {
    status: 413,
    rule: "RFC 9110 §15.5.14",
    says: "The form has more parts than limits.parts",
  },
  "files": {
    status: 413,
    rule: "RFC 9110 §15.5.14",
    says: "The form has more files than limits.files",
  },
  "content-cut": {
    status: 400,
    rule: "RFC 9112 §8",
    says: "The connection ended in the middle of the content",
  },
  "head-cut": {
    status: 400,
    rule: "RFC 9112 §8",
    says: "The connection ended in the middle of the head",
  },
  "head-late": {
    status: 408,
    rule: "RFC 9110 §15.5.9",
    says: "The head of the request took longer than timeouts.head",
  },
  "content-late": {
    status: 408,
    rule: "RFC 9110 §15.5.9",
    says: "The content of the request made no progress for timeouts.body",
  },
  "content-slow": {
    status: 408,
    rule: "RFC 9110 §15.5.9",
    says: "The content of the request came slower than 240 bytes a second",
  },
  "request-late": {
    status: 408,
    rule: "RFC 9110 §15.5.9",
    says: "The request took longer than timeouts.request",
  },
} as const satisfies Record<string, Rule>;

/** The name of a row of the catalogue of faults. */
export type FaultCode = keyof typeof FAULTS;

/** What {@linkcode HttpError} takes beside its status and message. */
export interface HttpErrorOptions {
  /** Fields for the answer, as `WWW-Authenticate` beside a 401. */
  readonly headers?: HeadersInit;
  /** What led to the refusal, for the log; never shown to a client. */
  readonly cause?: unknown;
  /** Extension members of the problem document (RFC 9457 §3.2). */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * A refusal: `throw new HttpError(404, "No such song")` in a handler or a
 * middleware answers the request with that status.
 *
 * The client gets a problem document (RFC 9457), plain text or a page, by what
 * it accepts. The message of a 5xx stays in the log.
 *
 * @throws {RangeError} when the status is not a whole number from 400 to 599
 *
 * @example
 * ```ts
 * import { HttpError } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new HttpError(401, "Who are you", {
 *   headers: { "WWW-Authenticate": "Basic" },
 * });
 * assertEquals(error.status, 401);
 * assertEquals(error.headers.get("www-authenticate"), "Basic");
 * ```
 */
export class HttpError extends Error {
  /** `"HttpError"`. */
  override readonly name: string = "HttpError";
  /** The status that answers the request, 400 to 599. */
  readonly status: number;
  /** Fields that go with the answer. */
  readonly headers: Headers;
  /** Extension members of the problem document (RFC 9457 §3.2). */
  readonly details: Readonly<Record<string, unknown>> | undefined;

  /** An error that answers with `status`; `message` is for the client of a 4xx. */
  constructor(status: number, message = "", options: HttpErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(
        `Cannot refuse a request with the status ${status}: it is not 400 to 599`,
      );
    }
    this.status = status;
    this.headers = new Headers(options.headers);
    this.details = options.details;
  }
}

/**
 * A rule of the protocol that the peer broke. The parser returns it, a content
 * reader (`c.json()` and its kin) throws it, `onError` is told of it.
 *
 * @example
 * ```ts
 * import { Fault } from "@no8/wire/parser";
 * import { assertEquals } from "@std/assert";
 *
 * const fault = new Fault("host-missing");
 * assertEquals([fault.status, fault.rule], [400, "RFC 9112 §3.2"]);
 * ```
 */
export class Fault extends HttpError {
  /** `"Fault"`. */
  override readonly name: string = "Fault";
  /** So that a fault is told from the other pieces that a parser gives. */
  readonly kind = "fault";
  /** Which row of the catalogue. */
  readonly code: FaultCode;
  /** Where the rule is written. */
  readonly rule: string;

  /** The fault of that row; `cause` is for the log. */
  constructor(code: FaultCode, options?: Pick<HttpErrorOptions, "cause">) {
    super(FAULTS[code].status, FAULTS[code].says, options);
    this.code = code;
    this.rule = FAULTS[code].rule;
  }
}
