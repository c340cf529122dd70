/** The typed events our elements send upwards. All bubble and cross shadow roots. */
import type { ClipChoice, ImportFile } from '../contracts/journey-api.ts';
import type { Camera } from '../contracts/library.ts';
import type { Identity } from '../contracts/share.ts';
import type { EpochMs, Ms, Position } from '../contracts/units.ts';

const upwards: EventInit = { bubbles: true, composed: true };

/** A click on the sketch map, as longitude and latitude. */
export class PlacePicked extends Event {
  readonly position: Position;
  constructor(position: Position) {
    super('pl-place-picked', upwards);
    this.position = position;
  }
}

export class CameraSaved extends Event {
  readonly camera: Camera;
  constructor(camera: Camera) {
    super('pl-camera-saved', upwards);
    this.camera = camera;
  }
}

export class FilesChosen extends Event {
  readonly files: readonly ImportFile[];
  /** The folder they lie in, where the browser can open it again. */
  readonly directory: FileSystemDirectoryHandle | null;
  constructor(files: readonly ImportFile[], directory: FileSystemDirectoryHandle | null = null) {
    super('pl-files-chosen', upwards);
    this.files = files;
    this.directory = directory;
  }
}

export class RecordingAction extends Event {
  readonly recordingId: string;
  /** `confirm-rule`: its time, for all that were read in the same way. */
  readonly action: 'play' | 'delete' | 'confirm-time' | 'confirm-rule';
  constructor(recordingId: string, action: RecordingAction['action']) {
    super('pl-recording-action', upwards);
    this.recordingId = recordingId;
    this.action = action;
  }
}

/** A start time set by hand, in camera time (the camera's clock offset not applied). */
export class TimeConfirmed extends Event {
  readonly recordingId: string;
  readonly startMs: EpochMs;
  readonly applyToRule: boolean;
  /** The camera's clock offset as it stands in the form. */
  readonly clockOffsetMs: Ms;
  constructor(recordingId: string, startMs: EpochMs, applyToRule: boolean, clockOffsetMs: Ms) {
    super('pl-time-confirmed', upwards);
    this.recordingId = recordingId;
    this.startMs = startMs;
    this.applyToRule = applyToRule;
    this.clockOffsetMs = clockOffsetMs;
  }
}

export class ChoiceChanged extends Event {
  readonly choice: ClipChoice;
  constructor(choice: ClipChoice) {
    super('pl-choice-changed', upwards);
    this.choice = choice;
  }
}

export class IdentityGiven extends Event {
  readonly identity: Identity;
  readonly keep: boolean;
  constructor(identity: Identity, keep: boolean) {
    super('pl-identity-given', upwards);
    this.identity = identity;
    this.keep = keep;
  }
}

/** The form or dialog was left without a result. */
export class Dismissed extends Event {
  constructor() {
    super('pl-dismissed', upwards);
  }
}

export class Confirmed extends Event {
  constructor() {
    super('pl-confirmed', upwards);
  }
}

declare global {
  interface HTMLElementEventMap {
    'pl-place-picked': PlacePicked;
    'pl-camera-saved': CameraSaved;
    'pl-files-chosen': FilesChosen;
    'pl-recording-action': RecordingAction;
    'pl-time-confirmed': TimeConfirmed;
    'pl-choice-changed': ChoiceChanged;
    'pl-identity-given': IdentityGiven;
    'pl-dismissed': Dismissed;
    'pl-confirmed': Confirmed;
  }
}
