/**
 * Media types by the ends of file names.
 *
 * ```text
 * story.html   →   text/html; charset=utf-8
 * song.MP3     →   audio/mpeg
 * README       →   application/octet-stream
 * ```
 *
 * Text is said to be UTF-8, for that is what text is today; a file in another
 * charset needs its own word. JSON and XML say it themselves (RFC 8259 §8.1,
 * RFC 7303 §3), so nothing is said for them.
 *
 * The one surprise: `.ts` is a piece of video, as the registry has it and players
 * of live streams need it. A browser runs no TypeScript.
 *
 * https://www.iana.org/assignments/media-types, RFC 9239 for JavaScript.
 *
 * @module
 */

/** Types with the ends of names that stand for them. */
const TYPES: readonly (readonly [type: string, ends: string])[] = [
  // text
  ["text/html", "html htm"],
  ["text/css", "css"],
  ["text/javascript", "js mjs cjs"],
  ["text/plain", "txt text log conf ini"],
  ["text/markdown", "md markdown"],
  ["text/csv", "csv"],
  ["text/tab-separated-values", "tsv"],
  ["text/calendar", "ics"],
  ["text/vcard", "vcf"],
  ["text/vtt", "vtt"],
  // data
  ["application/json", "json map"],
  ["application/ld+json", "jsonld"],
  ["application/geo+json", "geojson"],
  ["application/manifest+json", "webmanifest"],
  ["application/schema+json", "schema"],
  ["application/xml", "xml xsd"],
  ["application/xhtml+xml", "xhtml"],
  ["application/xslt+xml", "xsl xslt"],
  ["application/atom+xml", "atom"],
  ["application/rss+xml", "rss"],
  ["application/yaml", "yaml yml"],
  ["application/toml", "toml"],
  ["application/sql", "sql"],
  ["application/wasm", "wasm"],
  ["application/cbor", "cbor"],
  ["application/vnd.sqlite3", "sqlite sqlite3"],
  // pictures
  ["image/png", "png"],
  ["image/apng", "apng"],
  ["image/jpeg", "jpg jpeg jfif"],
  ["image/gif", "gif"],
  ["image/webp", "webp"],
  ["image/avif", "avif"],
  ["image/jxl", "jxl"],
  ["image/heic", "heic"],
  ["image/svg+xml", "svg"],
  ["image/bmp", "bmp"],
  ["image/tiff", "tif tiff"],
  ["image/vnd.microsoft.icon", "ico cur"],
  // sound and video
  ["audio/mpeg", "mp3"],
  ["audio/mp4", "m4a m4b"],
  ["audio/aac", "aac"],
  ["audio/ogg", "ogg oga opus spx"],
  ["audio/flac", "flac"],
  ["audio/wav", "wav"],
  ["audio/midi", "mid midi"],
  ["audio/webm", "weba"],
  ["video/mp4", "mp4 m4v"],
  ["video/webm", "webm"],
  ["video/ogg", "ogv"],
  ["video/quicktime", "mov qt"],
  ["video/mp2t", "ts m2ts"],
  ["video/iso.segment", "m4s"],
  ["video/matroska", "mkv"],
  ["application/vnd.apple.mpegurl", "m3u8"],
  ["application/dash+xml", "mpd"],
  // fonts
  ["font/woff2", "woff2"],
  ["font/woff", "woff"],
  ["font/ttf", "ttf"],
  ["font/otf", "otf"],
  ["font/collection", "ttc"],
  ["application/vnd.ms-fontobject", "eot"],
  // documents
  ["application/pdf", "pdf"],
  ["application/epub+zip", "epub"],
  ["application/rtf", "rtf"],
  ["application/msword", "doc"],
  ["application/vnd.ms-excel", "xls"],
  ["application/vnd.ms-powerpoint", "ppt"],
  [
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "docx",
  ],
  [
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsx",
  ],
  [
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pptx",
  ],
  ["application/vnd.oasis.opendocument.text", "odt"],
  ["application/vnd.oasis.opendocument.spreadsheet", "ods"],
  ["application/vnd.oasis.opendocument.presentation", "odp"],
  ["model/gltf-binary", "glb"],
  ["model/gltf+json", "gltf"],
  // archives
  ["application/zip", "zip"],
  ["application/gzip", "gz tgz"],
  ["application/zstd", "zst"],
  ["application/x-tar", "tar"],
  ["application/x-bzip2", "bz2"],
  ["application/x-xz", "xz"],
  ["application/x-7z-compressed", "7z"],
  ["application/java-archive", "jar"],
];

const BY_END: ReadonlyMap<string, string> = new Map(
  TYPES.flatMap(([type, ends]) =>
    ends.split(" ").map((end) =>
      [end, type.startsWith("text/") ? `${type}; charset=utf-8` : type] as const
    )
  ),
);

const UNKNOWN = "application/octet-stream";

/** No end of a name is longer. */
const LONGEST_END = 12;

/**
 * The media type of a file by its name; `application/octet-stream` where the name
 * tells nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fileType("docs/a.HTML"), "text/html; charset=utf-8");
 * assertEquals(fileType("a.tar.gz"), "application/gzip");
 * assertEquals(fileType("LICENSE"), "application/octet-stream");
 * ```
 */
export function fileType(name: string): string {
  const dot = name.lastIndexOf(".");
  if (dot === -1 || name.length - dot - 1 > LONGEST_END) return UNKNOWN;
  return BY_END.get(name.slice(dot + 1).toLowerCase()) ?? UNKNOWN;
}
