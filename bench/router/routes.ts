/**
 * The routes that are measured: 30 and 1,000 of a REST API like GitHub's, and
 * what is asked of both.
 *
 * @module
 */

/** A route; `:name` is a segment and a last `*path` all that is left. */
export interface Route {
  readonly method: string;
  readonly path: string;
}

/** What is asked, and what has to be found. */
export interface Question {
  readonly path: string;
  /** The path of the route; `undefined` where there is none. */
  readonly route: string | undefined;
  readonly params: readonly string[];
}

/** Questions of one kind, all with one method. */
export interface Questions {
  readonly name: string;
  readonly method: string;
  readonly questions: readonly Question[];
}

/**
 * The 30 routes that every table has. None has a literal beside a param, because
 * the faster one of Hono's routers takes no such table.
 */
export const THIRTY: readonly Route[] = routes(`
  GET    /
  GET    /meta
  GET    /emojis
  GET    /events
  GET    /notifications
  PUT    /notifications
  GET    /user
  PATCH  /user
  GET    /user/repos
  POST   /user/repos
  GET    /user/emails
  GET    /user/following
  GET    /users/:username
  GET    /users/:username/repos
  GET    /gitignore/templates
  GET    /gists/:gist_id
  PATCH  /gists/:gist_id
  DELETE /gists/:gist_id
  GET    /orgs/:org
  GET    /orgs/:org/members
  GET    /repos/:owner/:repo
  PATCH  /repos/:owner/:repo
  GET    /repos/:owner/:repo/branches
  GET    /repos/:owner/:repo/issues
  POST   /repos/:owner/:repo/issues
  GET    /repos/:owner/:repo/issues/:issue_number
  PATCH  /repos/:owner/:repo/issues/:issue_number
  GET    /repos/:owner/:repo/pulls
  GET    /search/repositories
  GET    /assets/*path
`);

const RESOURCES =
  `actions advisories alerts artifacts assignees attestations autolinks blobs
  blocks caches campaigns codespaces collaborators comments commits compare
  contributors deployments discussions domains environments failures forks hooks
  installations interactions invitations keys labels languages licenses
  migrations milestones outputs packages projects properties releases rulesets
  runners secrets stargazers subscribers tags teams topics traffic variables
  webhooks workflows`.split(/\s+/);

/** Below what the resources are, each with five routes. */
const OWNERS = [
  "/user",
  "/users/:username",
  "/orgs/:org",
  "/repos/:owner/:repo",
];

/** The 30, and others like them up to 1,000. */
export const THOUSAND: readonly Route[] = [
  ...THIRTY,
  ...OWNERS.flatMap((owner) =>
    RESOURCES.flatMap((name) =>
      routes(`
        GET    ${owner}/${name}
        POST   ${owner}/${name}
        GET    ${owner}/${name}/:id
        PATCH  ${owner}/${name}/:id
        DELETE ${owner}/${name}/:id
      `)
    )
  ),
].slice(0, 1000);

function routes(text: string): Route[] {
  return text.trim().split("\n").map((line) => {
    const [method, path] = line.trim().split(/\s+/);
    return { method: method!, path: path! };
  });
}

export const CASES: readonly Questions[] = [
  {
    name: "static",
    method: "GET",
    questions: [
      "/meta",
      "/emojis",
      "/notifications",
      "/user",
      "/user/repos",
      "/user/following",
      "/gitignore/templates",
      "/search/repositories",
    ].map((path) => ({ path, route: path, params: [] })),
  },
  {
    name: "one param",
    method: "GET",
    questions: [
      asked("/users/:username", "octocat"),
      asked("/users/:username/repos", "torvalds"),
      asked("/gists/:gist_id", "aa5a315d61ae9438b18d"),
      asked("/orgs/:org", "denoland"),
      asked("/orgs/:org/members", "github"),
      asked("/users/:username", "a"),
      asked("/gists/:gist_id", "2decf6c462d9b4418f2"),
      asked("/orgs/:org/members", "whatwg"),
    ],
  },
  {
    name: "two params",
    method: "GET",
    questions: [
      asked("/repos/:owner/:repo", "denoland", "deno"),
      asked("/repos/:owner/:repo/branches", "nodejs", "llhttp"),
      asked("/repos/:owner/:repo/issues", "octocat", "hello-world"),
      asked("/repos/:owner/:repo/pulls", "golang", "go"),
      asked("/repos/:owner/:repo", "whatwg", "fetch"),
      asked("/repos/:owner/:repo/branches", "a", "b"),
      asked("/repos/:owner/:repo/issues", "rust-lang", "rust"),
      asked("/repos/:owner/:repo/pulls", "microsoft", "typescript"),
    ],
  },
  {
    name: "wildcard",
    method: "GET",
    questions: [
      asked("/assets/*path", "app.js"),
      asked("/assets/*path", "styles/main.css"),
      asked("/assets/*path", "images/2026/11/logo.svg"),
      asked("/assets/*path", "fonts/inter/regular.woff2"),
    ],
  },
  {
    name: "miss",
    method: "GET",
    questions: lost(
      "/nothing",
      "/user/nothing/here",
      "/users/octocat/nothing",
      "/repos/denoland/deno/nothing",
      "/repos/denoland",
      "/wp-login.php",
      "/gitignore/templates/all",
      "/search/",
    ),
  },
  {
    name: "wrong method",
    method: "DELETE",
    questions: lost(
      "/meta",
      "/user/emails",
      "/users/octocat",
      "/orgs/denoland/members",
      "/repos/denoland/deno",
      "/repos/denoland/deno/issues",
      "/repos/denoland/deno/issues/42",
      "/assets/app.js",
    ),
  },
];

function asked(route: string, ...params: string[]): Question {
  const values = [...params];
  const path = route.replace(/[:*]\w+/g, () => values.shift()!);
  return { path, route, params };
}

function lost(...paths: string[]): Question[] {
  return paths.map((path) => ({ path, route: undefined, params: [] }));
}
