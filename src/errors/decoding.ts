import type { ErrorEntry } from '../errors.ts'

/** Of the workers and programs that turn bytes into hashes: of a file that is too much, or of what they lack. */
export const DECODING_ERRORS = {
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
} as const satisfies Record<string, ErrorEntry>
