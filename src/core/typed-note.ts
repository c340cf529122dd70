/** Porchlight's documents inside signed notes: the first line names the type, the rest of the text is JSON that a schema checks. */
import * as v from 'valibot';
import { CommentRemovalSchema, CommentSchema, type Comment, type CommentRemoval } from '../contracts/comments.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import {
  DirectorySchema,
  FootageRequestSchema,
  NOTE_TYPES,
  ReceiptSchema,
  StatusSchema,
  type Directory,
  type FootageRequest,
  type Receipt,
  type RequestStatusNote,
} from '../contracts/request.ts';
import { parseNote, type SignedNote } from './signed-note.ts';

const SCHEMAS = {
  directory: DirectorySchema,
  request: FootageRequestSchema,
  status: StatusSchema,
  receipt: ReceiptSchema,
  comment: CommentSchema,
  'comment-removal': CommentRemovalSchema,
} as const;

export type NoteKind = keyof typeof NOTE_TYPES;

interface Documents {
  readonly directory: Directory;
  readonly request: FootageRequest;
  readonly status: RequestStatusNote;
  readonly receipt: Receipt;
  readonly comment: Comment;
  readonly 'comment-removal': CommentRemoval;
}

export type DocumentOf<K extends NoteKind> = Documents[K];

export type DocumentProblem = 'malformed-note' | 'note-too-large' | 'wrong-type' | 'malformed-document';

/** A document that was read but whose signatures nobody has checked yet. */
export interface UnverifiedDocument<K extends NoteKind> {
  readonly kind: K;
  readonly note: SignedNote;
  readonly document: DocumentOf<K>;
}

/** The text to sign for a document: type line, indented JSON, newline. */
export const documentText = <K extends NoteKind>(kind: K, document: DocumentOf<K>): string =>
  `${NOTE_TYPES[kind]}\n${JSON.stringify(document, null, 2)}\n`;

/** The kind that a text's first line names, or null. */
export const noteKind = (text: string): NoteKind | null => {
  const firstLine = text.slice(0, text.indexOf('\n'));
  const kinds = Object.keys(NOTE_TYPES) as NoteKind[];
  return kinds.find((kind) => NOTE_TYPES[kind] === firstLine) ?? null;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

/** What the schema cannot say: the zone must exist, and every instant must be one that Date can read. */
const requestProblem = ({ window, posted, expires }: FootageRequest): string | null => {
  if (!isTimeZone(window.zone))
    return `The request is not in order at window.zone: there is no time zone ${window.zone}.`;
  const instants = [window.from, window.to, posted, expires];
  const bad = instants.find((instant) => Number.isNaN(Date.parse(instant)));
  return bad === undefined ? null : `The request is not in order: ${bad} is no instant.`;
};

/** Reads a note of one kind against its schema. Says nothing about its signatures. */
export const readDocument = <K extends NoteKind>(
  kind: K,
  note: string,
): Result<UnverifiedDocument<K>, DocumentProblem> => {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const { text } = parsed.value;
  if (noteKind(text) !== kind) return failure('wrong-type', `The document is not a ${NOTE_TYPES[kind]}.`);
  const checked = v.safeParse(SCHEMAS[kind], parseJson(text.slice(text.indexOf('\n') + 1)));
  if (!checked.success) {
    const [issue] = checked.issues;
    const where = v.getDotPath(issue) ?? 'the document';
    return failure('malformed-document', `The ${kind} is not in order at ${where}: ${issue.message}`);
  }
  const document = checked.output as DocumentOf<K>;
  const problem = kind === 'request' ? requestProblem(document as FootageRequest) : null;
  if (problem !== null) return failure('malformed-document', problem);
  return ok({ kind, note: parsed.value, document });
};

/** Lower-case hexadecimal SHA-256 of a text in UTF-8: what `prev` chains a note's text by. */
export const textSha256 = async (text: string): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
};
