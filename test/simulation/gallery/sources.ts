import type { Role } from './piece.ts'

/** Where a piece comes from: a photograph in `../shared/data`, or drawn by `fixtures` from a seed. */
export interface Source {
  readonly name: string
  readonly role: Role
  readonly photo?: string
  readonly scene?: number
  readonly film?: number
}

/** Both CC0 1.0: see `../shared/data/manifest.json`. */
const WALLPAPERS = 'photos/wallpapers/budgie-backgrounds_'
const CLOTHES = 'photos/clothing/'

/** Seeds of scenes that stand beside a piece in a collage and behind it on a screen; none is a piece. */
export const OTHER_SCENES = [9_001, 9_002, 9_003, 9_004, 9_005, 9_006]

/** Some of the innocent have next to no texture, and one lies on the same floor as known ones. */
export const SOURCES: readonly Source[] = [
  ...photos('known', WALLPAPERS, {
    spiral: 'abstract-spiral_0',
    sunset: 'beacon-street-sunset_1',
    flowers: 'blue-periwinkle_2',
    courtyard: 'casa-mila_4',
    lake: 'lake-sherburne_7',
    otters: 'oakland-zoo-otters_8',
    waves: 'ocean-waves_9',
    osprey: 'perched-osprey_10',
    ruin: 'roman-colosseum_12',
    skyline: 'singaporean-cityscape_14',
    gardens: 'tea-gardens_15',
  }),
  ...photos('known', CLOTHES, {
    'blue shirt': 'f6c4457e-8a9a-48b7-8719-262132467d03',
    'plaid shirt': 'b4b507dd-f68c-4fd1-9f25-6e2c2930a569',
    'owl blouse': 'b47b67f8-8bb7-451c-a633-046989d81516',
    'printed shirt': 'dabf37f7-47ad-4818-b064-ec230f5d05f4',
    skirt: '6fb5a560-4000-43f6-b656-f61cf0a8649e',
    waistcoat: 'b8c71b29-9989-4d27-8274-cdb9a813a6d5',
    'rose shirt': '3c69eed2-31b8-42b8-bf61-c46bdaf67c13',
    'flower dress': '28b09463-6bbb-491d-9ffc-f36df5c6b211',
    'star shorts': '8e8edebf-95ac-491f-8256-bd5749f1e2bb',
    trousers: '201d7c0c-4e6f-47c9-bb55-44890164c6a7',
  }),
  ...drawn('known', 'scene', [101, 102, 103, 104]),
  ...drawn('known', 'film', [201, 202, 203, 204, 205]),
  ...photos('innocent', WALLPAPERS, {
    desert: 'extreme-desert-hike_5',
    tower: 'piazza-gae-aulenti_11',
  }),
  ...photos('innocent', CLOTHES, {
    'striped shirt': '0c42c400-2c26-471f-93a9-40d00df87e6c',
    boots: '7d5a20ff-6431-404e-9870-78140166cf7a',
  }),
  ...drawn('innocent', 'scene', [111]),
  ...drawn('innocent', 'film', [211]),
  ...photos('new', WALLPAPERS, { wren: 'canyon-wren_3' }),
  ...photos('new', CLOTHES, { 'plum shirt': '13ef735c-ddb3-4d45-90e3-1cce9bf1da0d' }),
  ...drawn('new', 'scene', [112, 113]),
  ...drawn('new', 'film', [212]),
]

function photos(role: Role, folder: string, files: Readonly<Record<string, string>>): Source[] {
  return Object.entries(files).map(([name, file]) => ({
    name,
    role,
    photo: `${folder}${file}.jpg`,
  }))
}

function drawn(role: Role, kind: 'scene' | 'film', seeds: readonly number[]): Source[] {
  return seeds.map((seed) => ({ name: `${kind} ${seed}`, role, [kind]: seed }))
}
