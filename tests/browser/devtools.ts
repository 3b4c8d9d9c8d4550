/**
 * The DevTools protocol of Chromium over one WebSocket: a command is a message
 * with a number, its answer has the same number, and what has none is an event.
 *
 * <https://chromedevtools.github.io/devtools-protocol/>
 *
 * @module
 */

/** An object of the protocol. */
// deno-lint-ignore no-explicit-any
export type Json = Record<string, any>;

interface Waiting {
  readonly resolve: (result: Json) => void;
  readonly reject: (error: Error) => void;
}

/** How long an answer may take, milliseconds: only a browser that hangs is late. */
const PATIENCE = 60_000;

/** A connection to a browser; the pages of it are sessions. */
export class DevTools {
  readonly #socket: WebSocket;
  readonly #closed: Promise<void>;
  readonly #waiting: Map<number, Waiting> = new Map();
  readonly #listeners: Map<string, (params: Json) => void> = new Map();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    this.#closed = new Promise((resolve) => {
      socket.onclose = () => {
        this.#giveUp();
        resolve();
      };
    });
  }

  /** Connects to a browser at the address that it printed. */
  static async connect(url: string): Promise<DevTools> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Error(`Cannot connect to ${url}`));
    });
    socket.onerror = null;
    return new DevTools(socket);
  }

  /** Gives a command, to a page where `session` names one, and waits for its answer. */
  async send(
    method: string,
    params: Json = {},
    session?: string,
  ): Promise<Json> {
    if (this.#socket.readyState !== WebSocket.OPEN) {
      throw new Error(`Cannot ask for ${method}: the browser has gone`);
    }
    const id = ++this.#last;
    const answer = new Promise<Json>((resolve, reject) =>
      this.#waiting.set(id, { resolve, reject })
    );
    const late = setTimeout(
      () => this.#take({ id, error: { message: "no answer came" } }),
      PATIENCE,
    );
    try {
      this.#socket.send(
        JSON.stringify({ id, method, params, sessionId: session }),
      );
      return await answer;
    } catch (error) {
      throw new Error(`Cannot ask for ${method}: ${(error as Error).message}`);
    } finally {
      clearTimeout(late);
    }
  }

  /** Has `listener` told of an event of a page. */
  on(session: string, event: string, listener: (params: Json) => void): void {
    this.#listeners.set(`${session} ${event}`, listener);
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    this.#socket.close();
    await this.#closed;
  }

  #take(message: Json): void {
    if (message.id === undefined) {
      this.#listeners.get(`${message.sessionId} ${message.method}`)?.(
        message.params,
      );
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.result);
    else waiting?.reject(new Error(message.error.message));
  }

  #giveUp(): void {
    for (const { reject } of this.#waiting.values()) {
      reject(new Error("the browser has gone"));
    }
    this.#waiting.clear();
  }
}
