/**
 * Errors as a client may see them: a problem document (RFC 9457), a page or
 * text, by what it accepts. Nothing of the inside is told, unless in development.
 *
 * @module
 */

import { Fault, HttpError } from "../errors.ts";
import type { RouteInfo } from "../messages.ts";
import { besidesContent, mergeLines } from "../routing/merge.ts";
import { preferred } from "../wire/accept.ts";
import { checkFieldLine, Fields } from "../wire/fields.ts";
import { escapeHtml } from "../wire/html.ts";
import { reasonOf } from "../wire/status.ts";
import { Answer } from "./answer.ts";
import { HTML, TEXT } from "./body.ts";

const PROBLEM = "application/problem+json";
const OFFERS = [PROBLEM, "application/json", HTML, TEXT] as const;

/**
 * An error as the client may see it: a problem document (RFC 9457), a page or
 * text, by what it accepts.
 *
 * What an {@linkcode HttpError} of 4xx says is for the client. Any other error
 * is a 500 without a word of the inside, unless in development, where it is
 * shown with its stack and the `route` that it came from. `set` are lines that were
 * set for the answer before, of which those stay that are not about its content.
 */
export function renderError(
  error: unknown,
  accept: string | undefined,
  development: boolean,
  route?: RouteInfo,
  set: readonly string[] = [],
): Answer {
  const { status, detail } = disclosed(error, development, route);
  const headers = new Fields();
  // What its fields say of content is about another: this one is made here.
  const given = error instanceof HttpError ? [...error.headers].flat() : [];
  mergeLines(headers, besidesContent(given, status), true);
  headers.append("vary", "accept");
  mergeLines(headers, besidesContent(set), true);
  const type = preferred(accept, OFFERS) ?? PROBLEM;
  const title = reasonOf(status);
  if (type === HTML) {
    return new Answer(status, page(status, title, detail), HTML, headers);
  }
  if (type === TEXT) {
    const text = detail === ""
      ? `${status} ${title}\n`
      : `${status} ${title}: ${detail}\n`;
    return new Answer(status, text, TEXT, headers);
  }
  const problem = {
    type: "about:blank",
    title,
    status,
    ...(detail && { detail }),
  };
  const shown = error instanceof HttpError && (status < 500 || development);
  const text = documentOf(problem, shown ? error.details : undefined);
  return new Answer(status, text, PROBLEM, headers);
}

/** Lines less those that cannot be sent, which may be what went wrong. */
export function sendableLines(lines: readonly string[]): string[] {
  return lines.filter((_, i) => {
    const at = i - i % 2;
    return checkFieldLine(lines[at]!, lines[at + 1]!) === undefined;
  });
}

/** Details are the application's; where they have no JSON form, they are left out. */
function documentOf(problem: object, details: object | undefined): string {
  try {
    return JSON.stringify({ ...details, ...problem, toJSON: undefined });
  } catch {
    return JSON.stringify(problem);
  }
}

function disclosed(
  error: unknown,
  development: boolean,
  route: RouteInfo | undefined,
): { status: number; detail: string } {
  const status = error instanceof HttpError ? error.status : 500;
  if (error instanceof HttpError && status < 500) {
    const rule = error instanceof Fault ? ` (${error.rule})` : "";
    const { cause } = error;
    // As which file was not there: the client is not told, who develops is.
    const why = development && cause instanceof Error
      ? ` (${cause.message})`
      : "";
    return { status, detail: error.message + rule + why };
  }
  if (!development) return { status, detail: "" };
  const detail = error instanceof Error
    ? error.stack ?? error.message
    : textOf(error);
  return { status, detail: detail + placeOf(route) };
}

/** Where to look, for who wrote it. */
function placeOf(route: RouteInfo | undefined): string {
  if (route === undefined) return "";
  const { method, path, source } = route;
  return `\n\nin the route ${method} ${path}${source && ` of ${source}`}`;
}

function page(status: number, title: string, detail: string): string {
  const said = detail && `<pre>${escapeHtml(detail)}</pre>\n`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${status} ${escapeHtml(title)}</title>
<style>body{font:1rem/1.5 system-ui;margin:12vh auto;max-width:40rem;padding:0 1rem}pre{white-space:pre-wrap;color:#555;font:inherit}</style>
<h1>${status} ${escapeHtml(title)}</h1>
${said}</html>
`;
}

/** `String()` calls code of the thrown object, which may throw in turn. */
function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return "an object without a text";
  }
}
