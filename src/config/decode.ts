import { z } from 'zod'
import { bytes, MIB } from './fields.ts'

export const decodeSettings = {
  bytesMax: bytes(256 * MIB),
  pixelsMax: z.int().min(1).max(1_000_000_000).default(100_000_000).describe('Of one picture'),
  filePixelsMax: z
    .int()
    .min(1)
    .max(100_000_000_000)
    .default(1_000_000_000)
    .describe('Of all pages of one picture together'),
  pagesMax: z.int().min(1).max(1000).default(64).describe('Pages of an animated picture'),
  framesMax: z.int().min(1).max(100_000).default(1_200).describe('Sampled frames of one film'),
  filmSecondsMax: z.number().min(1).max(86_400).default(14_400),
  skimSecondsMin: z
    .number()
    .min(20)
    .max(86_400)
    .default(60)
    .describe('Films of so many seconds are skimmed before they are looked at as a whole'),
  secondsMax: z.number().min(0.1).max(3_600).default(120).describe('Wall time for one file'),
}

export const poolSettings = {
  apart: z
    .boolean()
    .default(true)
    .describe('Decode in a process of its own without keys, store or network'),
  threads: z.int().min(0).max(256).default(0).describe('Worker threads; 0 is two a core'),
  queueMax: z.int().min(1).max(100_000).default(256).describe('Files that may wait'),
  decodeMib: z
    .int()
    .min(0)
    .max(1_048_576)
    .default(0)
    .describe('For all that is decoded at once; 0 is 2048 and 64 for each thread'),
  memoryMib: z.int().min(64).max(65_536).default(1_024).describe('JavaScript heap of one worker'),
}
