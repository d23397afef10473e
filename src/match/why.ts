import type { Sentence, Sentences } from '../errors.ts'
import { CEILINGS } from '../register/index.ts'

/** Why a verdict is no stronger, by code; what was found stands in the evidence itself. */
export const MATCH_WHYS = {
  ...CEILINGS,
  opaque: () => 'a hash that Hindra cannot compute is equal: nobody here has checked it',
  'weak-digest': ({ title }: { readonly title: string }) =>
    `only the ${title} is equal: collisions can be planted`,
  'one-picture': () =>
    'the film shows one picture throughout, or nothing: what it is may lie in its sound',
  'single-frame': () => 'a single frame confirms nothing',
  'browser-slack': ({ bits }: { readonly bits: number }) =>
    `a browser made the item’s hash, which may be up to ${bits} bits off`,
  'guessed-part': () => 'the part of the picture is a guess',
  'quality-little': ({ least }: { readonly least: number }) =>
    `below quality ${least} a hash says little`,
  'quality-alone': ({ least }: { readonly least: number }) =>
    `below quality ${least} a hash alone does not confirm`,
  'distance-alone': ({ radius }: { readonly radius: number }) =>
    `beyond distance ${radius} a hash alone does not confirm`,
  'model-alone': () => 'a model alone confirms nothing',
  'frames-in-order': ({ count, least }: { readonly count: number; readonly least: number }) =>
    `${count} in the same order, and it takes ${least} to confirm`,
  'frames-share': ({
    share,
    itemShare,
    least,
  }: {
    readonly share: number
    readonly itemShare: number
    readonly least: number
  }) => `in the same order ${share}% and ${itemShare}%, and it takes ${least}% of both to confirm`,
  differs: () => 'too much differs for it to confirm',
  background: () => 'so little texture may be what is behind, and the hashes are not near',
  form: () =>
    'a form with writing on it agrees, and few of the features do: what is written may differ',
  'on-page': () =>
    'it stands on a page, and what is written beside it is not shown: others may have it, too',
  'part-of-part': () =>
    'a part of the one shows a part of the other: a thing or a ground that both may show',
  beside: () =>
    'each shows what the other does not, on opposite sides: two looks at one place, or a part beside something else',
  'texture-only': () =>
    'what is kept of the item tells texture alone: register its file anew with --refresh',
  little: () => 'nearly all agrees, of so little that it does not confirm',
  bent: () =>
    'the two agree only where one is bent: from another side, through a lens, or another picture of it',
  cut: () =>
    'a piece of the item agrees and what is beside it does not: cut up, put together, or a thing that both show',
  elsewhere: ({ place, percent }: { readonly place: string; readonly percent: number }) =>
    `${place} of the item shows something else (${percent}% in one place): another photograph of the scene, another picture in one frame, or an altered copy`,
  parallax: () =>
    'things in it are shifted, each as a whole: the place from another viewpoint, or a copy that was bent',
  'another-take': () =>
    'frames of it show something else in one place: another take, or an altered copy',
  'several-films': () =>
    'several known films show it: a title, an intro, or one film in several copies',
  'both-ends': () =>
    'both films begin or end with it, and it is less than half of either: it may be a title or an intro',
  'other-moment': () =>
    'the hashes are not as near as those of a copy: it may be another moment before one camera',
  'only-shared': () => 'known pictures of other things have in common what agrees',
  'few-features': () => 'few of the features there agree',
  'texture-disagrees': () => 'the texture does not agree enough to confirm',
  unvouched: () =>
    'nobody here has seen what its hashes are of, and no two persons vetted its list',
  'picture-gone': () => 'the picture was not kept, so its texture was not compared',
  client: () => 'the hashes are the client’s, Hindra has not seen the bytes',
  'allowed-like': ({ distance }: { readonly distance: number }) =>
    `something on the allow-list is like it too (PDQ distance ${distance})`,
} as const satisfies Sentences

export type MatchWhy = Sentence<typeof MATCH_WHYS>
