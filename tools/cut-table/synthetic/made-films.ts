/** Makes films when they are first asked for, and keeps them between runs. */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FileResult } from '../run.ts';
import { FILMS, type Film } from './films.ts';

/** A change of how films are made goes with a new number. */
const CACHE = resolve(import.meta.dirname, '../../../.cache/films-2');

/** Makes the film, unless it is there already; its path. Throws Error with ffmpeg's words when that fails. */
export const makeFilm = async ({ name, make }: Film): Promise<string> => {
  const path = join(CACHE, name);
  if (existsSync(path)) return path;
  const folder = join(CACHE, `making-${process.pid}-${name}`);
  await mkdir(folder, { recursive: true });
  await make(join(folder, name));
  await rename(join(folder, name), path);
  await rm(folder, { recursive: true });
  return path;
};

/** The film of this name. Throws Error when there is none. */
export const filmCalled = (name: string): Film => {
  const film = FILMS.find((candidate) => candidate.name === name);
  if (!film) throw new Error(`there is no film ${name}`);
  return film;
};

/** What is wrong with how a film was refused, or with its not being refused; null when all is as it must be. */
export const refusalProblem = ({ name, refused }: Film, { judged }: FileResult): string | null => {
  const [first] = judged;
  if (refused === undefined || !first) return null;
  const answer = first.verdict.kind === 'refused' ? first.verdict.reason : 'a clip';
  return answer === refused ? null : `${name}: ${answer} instead of ${refused}`;
};
