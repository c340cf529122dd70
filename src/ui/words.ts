/** Plain words for the contracts' codes: agency kinds, statuses, time sources, refusals. */
import type { ImportRefusal } from '../contracts/journey-api.ts';
import type { TimeSource } from '../contracts/library.ts';
import type { PolicyRule, RequestStatus } from '../contracts/public-record.ts';
import type { AgencyKind, PolicyName } from '../contracts/request.ts';
import type { SendFailure, ShareStatus } from '../contracts/share.ts';

export const AGENCY_KIND: Readonly<Record<AgencyKind, string>> = {
  police: 'Police',
  sheriff: 'Sheriff',
  fire: 'Fire',
  'emergency-management': 'Emergency management',
  'public-safety': 'Public safety',
};

export const STATUS: Readonly<Record<RequestStatus, string>> = {
  open: 'Open',
  expired: 'Expired',
  resolved: 'Resolved',
  withdrawn: 'Withdrawn',
  rejected: 'Rejected by review',
  refused: 'Refused by this page',
};

export const POLICY: Readonly<Record<PolicyName, string>> = {
  npss: 'NPSS: window up to 12 h, area within half a mile',
  'rfa-2021': 'RFA 2021: window 15 min to 12 h, area up to half a square mile',
};

export const RULE: Readonly<Record<PolicyRule, string>> = {
  'case-number': 'Case number',
  'crime-or-incident': 'Crime or incident named',
  'investigator-contact': 'Investigator can be reached',
  'window-length': 'Length of the time window',
  'area-size': 'Size of the area',
  'area-near-incident': 'Area lies around the incident',
  'posts-per-case': 'Posts for this case',
};

export const TIME_SOURCE: Readonly<Record<TimeSource, string>> = {
  person: 'set by you',
  'start-box': 'start time inside the file (ONVIF)',
  'ring-app': 'Ring app file name',
  'ring-export': 'Ring export file name (to the minute)',
  'ring-event': 'Ring event in the file name',
  'blink-utc': 'Blink file name (UTC)',
  'blink-local': 'Blink file name (local time)',
  arlo: 'Arlo file name (local time)',
  reolink: 'Reolink file name',
  'unifi-download': 'UniFi file name',
  'unifi-web': 'UniFi web file name',
  'unifi-backup': 'UniFi backup file name (end of the event)',
  'protect-archiver': 'UniFi archive file name',
  'dahua-card': 'Dahua or Amcrest folder and name',
  'dahua-recorder': 'Dahua recorder file name',
  hikvision: 'Hikvision file name',
  'frigate-recording': 'Frigate folder and name',
  'frigate-export': 'Frigate export name',
  'frigate-clip': 'Frigate clip name',
  tapo: 'Tapo file name',
  pytapo: 'Tapo file name (UTC)',
  wyze: 'Wyze folder and name',
  xiaomi: 'Xiaomi file name',
  yi: 'Yi folder and name',
  'creation-time': 'creation time inside the file',
  modified: 'file modification date',
};

export const IMPORT_REFUSAL: Readonly<Record<ImportRefusal, string>> = {
  'empty-file': 'The file is empty.',
  'not-a-video': 'This is not a video file.',
  'no-video-track': 'There is sound in this file but no picture.',
  damaged: 'The file is damaged and cannot be read.',
  encrypted: 'The file is encrypted. Export it again without protection.',
  'recorder-block': "This is a piece of a recorder's own disk format, not a recording.",
  'unsupported-codec': 'This kind of video cannot be read yet.',
  unreadable:
    'The browser could not read the file. If it lies on a card or a network drive, copy it to this device first.',
  'worker-crashed': 'Reading this file failed twice. Nothing of it was kept.',
  cancelled: 'You stopped the import before this file.',
  'quota-exceeded': 'No room left: the browser allows this page no more storage. Delete recordings or free disk space.',
  duplicate: 'You already have this recording.',
  'storage-unavailable': 'The browser does not let this page store anything at the moment.',
};

export const SHARE_STATUS: Readonly<Record<ShareStatus, string>> = {
  sealed: 'Sealed, not sent',
  uploading: 'Sending',
  paused: 'Paused',
  sent: 'Sent',
};

export const SEND_FAILURE: Readonly<Record<SendFailure, string>> = {
  offline: 'The hub cannot be reached. Your sealed package is kept here; continue whenever you like.',
  unrecorded:
    'There is no room on this device to write down what leaves, so nothing more was sent. Your sealed package is kept here.',
  'hub-error': 'The hub answered with an error. Your sealed package is kept here; try again in a while.',
  'refused-by-hub': 'The hub did not accept this package.',
  'bad-receipt': 'The hub took the bytes, but its receipt does not check out.',
  'package-missing': 'The sealed package is no longer on this device.',
  'request-closed': 'The request was closed in the meantime. Nothing more was sent.',
  paused: 'Paused. Nothing is lost; continue whenever you like.',
};
