/// <reference lib="esnext.disposable" />

export interface StartOptions {
  /** Files and folders of transcripts (default: `transcripts`); while recording, the folder to save to. */
  transcripts?: string | string[];
  /** Ask an upstream for missing answers, and save them: its URL, several, or `true` for OpenAI. */
  record?: boolean | string | string[];
  /** Default: 0, any free port. */
  port?: number;
  onMiss?: "replay" | "hold" | "record" | "rerecord" | "live";
  fuzzy?: number;
  pace?: string | number;
  takes?: number;
  /** Further options of `rechat replay` or `rechat record`. */
  options?: string[];
  /** The working folder of the server, whose settings apply. */
  cwd?: string;
  /** Variables of the server's environment, in addition to those of this process. */
  env?: Record<string, string>;
  /** How rechat is started, if it is not to be found. */
  command?: string | string[];
  /** The timeout for starting in milliseconds (default: 60,000). */
  timeout?: number;
}

/** A running server. */
export interface Server {
  /** `http://localhost:PORT`, for clients of Anthropic, Gemini and Ollama. */
  readonly url: string;
  /** `http://localhost:PORT/v1`, for clients of OpenAI. */
  readonly baseURL: string;
  /** The token for the journal at `/_rechat/`, in the header `x-rechat-token`. */
  readonly token: string;
  /** The variables that point all these clients to the server. */
  readonly env: Record<string, string>;
  /** What the server has printed so far. */
  readonly output: string;
  /** Let this process end without stopping the server first: it ends with the process. */
  unref(): this;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Start a server. It ends with this process at the latest. */
export function start(options?: StartOptions): Promise<Server>;

/** How rechat is started on this machine. Throws if it is not installed. */
export function findCommand(environment?: Record<string, string | undefined>): string[];

/** The options of a test. */
export interface TestOptions {
  /** A file or folder of transcripts, relative to where the tests were started (default: a separate file for each test). */
  path?: string;
  /** A folder for all transcripts, instead of one beside each test file. */
  folder?: string;
  /** How many answers to the same request are recorded (default: 1). */
  takes?: number;
  /** Whether a test fails that would pass although a request had no answer (default: `fail`). */
  misses?: "fail" | "ignore";
  /** What to do about answers and files that no test uses (default: `warn`). */
  unused?: "ignore" | "warn" | "fail";
  /** How long ago an answer may have been recorded: `90d`, `12w`, `36h` (default: any time). */
  maxAge?: string;
  /** What to do about answers that are older (default: `warn`; `fail` where the variable `CI` is set). */
  tooOld?: "warn" | "fail";
  /** Which changes fail a test with `RECHAT=verify`, separated by commas (default: all). */
  drift?: string;
  /** The APIs to record from (default: the variable `RECHAT_UPSTREAM`, then OpenAI). */
  upstreams?: string | string[];
  /** How rechat is started, if it is not to be found. */
  command?: string | string[];
}

/** A request and its outcome. */
export interface Exchange {
  verdict: "hit" | "miss" | "recorded" | "forwarded" | "failed" | "fault";
  api: string;
  model: string;
  question: string;
  answer: string;
  /** Where the answer is: `path:line`. */
  place: string;
  reason: string;
  settings: Record<string, unknown>;
}

/** The session of a test. */
export interface Recorded {
  readonly url: string;
  readonly baseURL: string;
  readonly env: Record<string, string>;
  /** The transcript of the test. */
  readonly path: string;
  exchanges(): Promise<Exchange[]>;
  misses(): Promise<Exchange[]>;
}
