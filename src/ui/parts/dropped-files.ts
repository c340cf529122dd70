/** The files of a drop or a picker, folders walked, each with its path under the folder. */
import type { ImportFile } from '../../contracts/journey-api.ts';

export const pickedFiles = (list: FileList): readonly ImportFile[] =>
  [...list].map((file) => ({ file, relativePath: file.webkitRelativePath || file.name }));

const readEntries = (reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> =>
  new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));

const walk = async (entry: FileSystemEntry, into: ImportFile[]): Promise<void> => {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    const file = await new Promise<File | null>((resolve) =>
      (entry as FileSystemFileEntry).file(resolve, () => resolve(null)),
    );
    if (file) into.push({ file, relativePath: path || file.name });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // readEntries answers at most a hundred at a time, and an empty list at the end.
  for (let entries = await readEntries(reader); entries.length > 0; entries = await readEntries(reader)) {
    for (const child of entries) await walk(child, into);
  }
};

/** Must be called within the drop event's own turn: the browser empties the transfer afterwards. Unreadable entries are left out. */
export const droppedFiles = async (transfer: DataTransfer): Promise<readonly ImportFile[]> => {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return pickedFiles(transfer.files);
  const found: ImportFile[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
};

const walkHandle = async (directory: FileSystemDirectoryHandle, path: string, into: ImportFile[]): Promise<void> => {
  for await (const entry of directory.values()) {
    const relativePath = `${path}/${entry.name}`;
    if (entry.kind === 'directory') await walkHandle(entry, relativePath, into);
    else into.push({ file: await entry.getFile(), relativePath });
  }
};

/** Everything in a folder that was picked once, after asking whether it may be opened again; null when it may not or is not there. */
export const directoryFiles = async (directory: FileSystemDirectoryHandle): Promise<readonly ImportFile[] | null> => {
  // Chromium asks again after a reload; other browsers do not have the question.
  const ask: unknown = Reflect.get(directory, 'requestPermission');
  try {
    if (typeof ask === 'function' && (await ask.call(directory, { mode: 'read' })) !== 'granted') return null;
    const found: ImportFile[] = [];
    await walkHandle(directory, directory.name, found);
    return found;
  } catch {
    return null;
  }
};

/** Lets the person pick a folder that can be opened again later; null when they picked none, undefined where the browser has no such picker. */
export const pickDirectory = async (): Promise<FileSystemDirectoryHandle | null | undefined> => {
  const pick: unknown = Reflect.get(globalThis, 'showDirectoryPicker');
  if (typeof pick !== 'function') return undefined;
  try {
    const directory: unknown = await pick.call(globalThis, { mode: 'read', id: 'recordings' });
    return directory instanceof FileSystemDirectoryHandle ? directory : null;
  } catch (error) {
    return error instanceof DOMException && error.name === 'AbortError' ? null : undefined;
  }
};
