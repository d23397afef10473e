import type { ErrorMeaning } from './entry.ts'

/** What keeps media from being decoded, and the workers that do it. */
export const DECODE_ERRORS = {
  MEDIA_EMPTY: {
    status: 422,
    exit: 7,
    meaning: 'The file holds no bytes.',
    remedy: 'Fetch it again.',
  },
  MEDIA_UNSUPPORTED: {
    status: 415,
    exit: 7,
    meaning: 'The bytes are not of a format that Hindra decodes (SVG is refused on purpose).',
    remedy: '`hindra doctor` lists the formats of this build.',
  },
  MEDIA_CORRUPT: {
    status: 422,
    exit: 7,
    meaning: 'The file is damaged or cut off, so that no trustworthy hash can be made.',
    remedy: 'Fetch it again; a truncated download is the usual cause.',
  },
  MEDIA_LIMIT: {
    status: 422,
    exit: 7,
    meaning: 'The picture or film is over a limit: pixels, pages, frames or seconds.',
    remedy: 'Raise the limit that the message names, if you trust the source.',
  },
  MEDIA_UNHASHABLE: {
    status: 422,
    exit: 7,
    meaning:
      'The picture is under 5 pixels on a side, or no frame of the film is larger; in a lookup, under 28.',
    remedy: 'Nothing can be compared: judge it by eye, or fetch the full-sized media.',
  },
  DECODE_TIMEOUT: {
    status: 422,
    exit: 7,
    meaning: 'Decoding and hashing took longer than the limit a task.',
    remedy: 'Raise decode.secondsMax, or look at the file apart.',
  },
  WORKER_DIED: {
    status: 422,
    exit: 7,
    meaning: 'The worker that handled this file died; it was replaced and only this file failed.',
    remedy: 'Look at the file apart; if many files do this, see `hindra doctor` for memory.',
  },
  WORKER_NOT_STARTED: {
    status: 503,
    exit: 6,
    meaning: 'No worker could start: the process has no more files, memory or threads to give it.',
    remedy:
      'Send it again later; see `hindra doctor` for limits of files and memory if it goes on so.',
  },
  FFMPEG_MISSING: {
    status: 503,
    exit: 6,
    meaning: 'ffmpeg is not installed, so films cannot be fingerprinted.',
    remedy: 'apt-get install ffmpeg',
  },
  SHM_UNAVAILABLE: {
    status: 503,
    exit: 6,
    meaning: 'There is no memory file system for a film, or too little room on it.',
    remedy:
      'Mount a tmpfs at /dev/shm with room for the largest film a worker (containers: --shm-size).',
  },
} as const satisfies Record<string, ErrorMeaning>
