/** Stores of roles' keys and of the hub's files for tests in Node, which has no IndexedDB. */
import type { FootageRequest } from '../../src/contracts/request.ts';
import type { RequestForm } from '../../src/contracts/request-form.ts';
import { ok } from '../../src/contracts/result.ts';
import type { CommentKey, HubFile, HubFileStore, KeptKeys, RoleStore } from '../../src/contracts/storage.ts';
import type { SeenHistory } from '../../src/contracts/agency-history.ts';

export const memoryRoles = (): RoleStore & { readonly seen: Map<string, SeenHistory> } => {
  const keys = new Map<string, KeptKeys>();
  const commentKeys = new Map<string, CommentKey>();
  const seen = new Map<string, SeenHistory>();
  const forms = new Map<string, RequestForm>();
  const posted = new Map<string, FootageRequest>();
  return {
    seen,
    keys: async () => [...keys.values()],
    putKeys: async (kept) => {
      keys.set(kept.id, kept);
      return ok(undefined);
    },
    deleteKeys: async (id) => {
      keys.delete(id);
      return ok(undefined);
    },
    commentKeys: async () => [...commentKeys.values()],
    putCommentKey: async (key) => {
      commentKeys.set(key.request, key);
      return ok(undefined);
    },
    seenHistory: async (agency) => seen.get(agency) ?? null,
    putSeenHistory: async (history) => {
      seen.set(history.agency, history);
      return ok(undefined);
    },
    requestForm: async (agency) => forms.get(agency) ?? null,
    putRequestForm: async (agency, form) => {
      if (form === null) forms.delete(agency);
      else forms.set(agency, form);
      return ok(undefined);
    },
    postedRequests: async (agency) => [...posted.values()].filter((request) => request.agency === agency),
    putPostedRequest: async (request) => {
      posted.set(request.id, request);
      return ok(undefined);
    },
  };
};

export const memoryHubFiles = (): HubFileStore & { readonly kept: Map<string, HubFile> } => {
  const kept = new Map<string, HubFile>();
  return {
    kept,
    get: async (path) => kept.get(path) ?? null,
    put: async (file) => {
      kept.set(file.path, file);
      return ok(undefined);
    },
    keepOnly: async (folder, paths) => {
      for (const path of kept.keys()) if (path.startsWith(`${folder}/`) && !paths.includes(path)) kept.delete(path);
      return ok(undefined);
    },
  };
};
