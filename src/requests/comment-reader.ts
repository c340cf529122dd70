/** Reads the comments files, each of which covers many requests, and shows of them what is genuine. */
import { CommentsFileSchema, type CommentView } from '../contracts/comments.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { DeedFailure } from '../contracts/roles-api.ts';
import { checkComment, checkRemoval } from '../core/comment-notes.ts';
import type { TrustedDirectory } from '../core/trusted-directory.ts';
import { readDocument, textSha256 } from '../core/typed-note.ts';
import { parseJson, type HubFileReader } from './hub-files.ts';

export type CommentsByRequest = ReadonlyMap<string, readonly CommentView[]>;

type FileEntry = { readonly note: string } | { readonly removal: string };

const posted = async (id: string, note: string, mine: ReadonlyMap<string, string>): Promise<CommentView | null> => {
  const read = readDocument('comment', note);
  if (!read.ok || (await textSha256(read.value.note.text)) !== id) return null;
  const { document, note: signed } = read.value;
  if (!(await checkComment(signed, document)).ok) return null;
  const { request: requestId, name, text, key } = document;
  return { id, requestId, name, text, at: Date.parse(document.at), mine: mine.get(requestId) === key, removed: null };
};

const removed = async (
  id: string,
  removal: string,
  mine: ReadonlyMap<string, string>,
  directory: TrustedDirectory,
): Promise<CommentView | null> => {
  const read = readDocument('comment-removal', removal);
  if (!read.ok || read.value.document.comment !== id) return null;
  const { document, note } = read.value;
  const genuine = await checkRemoval(note, document, directory);
  if (!genuine.ok) return null;
  const { by, request: requestId, code, reason } = document;
  const at = Date.parse(document.at);
  return {
    ...{ id, requestId, name: null, text: null, at },
    mine: by === 'writer' && mine.get(requestId) === document.key,
    removed: { by, reviewer: genuine.value, code: code ?? null, reason: reason ?? null, at },
  };
};

const viewOf = (
  id: string,
  entry: FileEntry,
  mine: ReadonlyMap<string, string>,
  directory: TrustedDirectory,
): Promise<CommentView | null> =>
  'note' in entry ? posted(id, entry.note, mine) : removed(id, entry.removal, mine, directory);

/** `mine` has the verifier key of this device's comments by request. Comments that do not verify are left out. */
export const readComments = async (
  files: readonly string[],
  mine: ReadonlyMap<string, string>,
  directory: TrustedDirectory,
): Promise<Result<CommentsByRequest, DeedFailure>> => {
  const views = new Map<string, CommentView>();
  for (const text of files) {
    const file = parseJson(CommentsFileSchema, text);
    if (file === null) return failure('unreadable', 'The hub sent comments that cannot be read.');
    for (const { id, ...entry } of file.comments) {
      const view = await viewOf(id, entry, mine, directory);
      if (view !== null) views.set(id, view);
    }
  }
  return ok(Map.groupBy(views.values(), ({ requestId }) => requestId));
};

const pathOf = (cell: string): string => `/v1/comments/${cell}`;

/** The comments files of these cells, whole: which request is read is nobody's business. */
export const fetchCommentFiles = async (
  reader: HubFileReader,
  cells: readonly string[],
): Promise<Result<readonly string[], DeedFailure>> => {
  const files: string[] = [];
  for (const cell of cells) {
    const text = await reader.text(pathOf(cell), 'fetch the comments on all requests');
    if (text.ok) files.push(text.value);
    else if (text.reason !== 'not-there') {
      return failure(text.reason === 'unreachable' ? 'offline' : 'unreadable', text.detail);
    }
  }
  return ok(files);
};

/** The same as kept on this device, without asking anybody. */
export const keptCommentFiles = async (reader: HubFileReader, cells: readonly string[]): Promise<readonly string[]> => {
  const files = await Promise.all(cells.map((cell) => reader.kept(pathOf(cell))));
  return files.filter((file) => file !== null);
};
