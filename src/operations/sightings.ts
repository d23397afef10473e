import { HindraError } from '../errors.ts'
import {
  areTelling,
  isByHashes,
  parseSightingLine,
  type Sighting,
  withMedia,
} from '../intake/terms.ts'
import { feed, upload, type UploadOperation } from './operation.ts'

/** What of a sighting is no media: its URL, page, hashes. */
const FIELDS_BYTES_MAX = 1024 * 1024
/** How many hashes a line has of which thousands may be worked on at once; a film brings hundreds. */
const FEW_HASHES = 16

/** A sighting, and its media as bytes of their own. */
const mediaForm: UploadOperation['form'] = ({ decode }) => ({
  sighting: { bytesMax: FIELDS_BYTES_MAX, setting: 'the limit of the other fields' },
  media: { bytesMax: decode.bytesMax, setting: 'decode.bytesMax' },
})

export const sightings = {
  submit: feed('POST /v1/sightings', {
    needs: 'sighting:submit',
    says: 'Sightings, one a line, answered while the request still runs',
    // What opens no case is limited as what is screened is.
    pace: ({ seeing }, by) => (seeing.sightings.isReportOnly(by) ? 'screenings' : 'sightings'),
    /** Searched by a few hashes, and certainly not fetched before it is answered. */
    isLight(sighting) {
      const { hashes = [] } = sighting
      return isByHashes(sighting) && areTelling(hashes) && hashes.length <= FEW_HASHES
    },
    run: ({ seeing, hits }, by, sighting, worked) =>
      seeing.sightings.submit(by, sighting, hits(by), worked),
  }),
  submitMedia: upload('POST /v1/sightings/media', {
    needs: 'sighting:submit',
    says: 'One sighting with its media',
    form: mediaForm,
    async run({ seeing, hits, admitScreened }, by, form) {
      if (seeing.sightings.isReportOnly(by)) await admitScreened(by)
      return seeing.sightings.submit(by, sightingOf(form), hits(by))
    },
  }),
  screen: feed('POST /v1/screenings', {
    needs: 'sighting:verdict',
    says: 'Media for a report of verdicts: what has a URL is a sighting too, and what has none opens no case',
    pace: () => 'screenings',
    run: ({ seeing, hits }, by, sighting) => seeing.sightings.screen(by, sighting, hits(by)),
  }),
  screenMedia: upload('POST /v1/screenings/media', {
    needs: 'sighting:verdict',
    says: 'One of them',
    form: mediaForm,
    async run({ seeing, hits, admitScreened }, by, form) {
      await admitScreened(by)
      return seeing.sightings.screen(by, sightingOf(form), hits(by))
    },
  }),
  scan: feed('POST /v1/scans', {
    needs: 'scan',
    says: 'As sightings, opening no case: with the evidence',
    pace: () => 'scans',
    run: ({ scan }, by, sighting) => scan(by, sighting),
  }),
}

/** Throws INVALID_INPUT. */
function sightingOf({ sighting, media }: Parameters<UploadOperation['run']>[2]): Sighting {
  if (sighting === undefined) throw missing('sighting')
  if (media === undefined) throw missing('media')
  return withMedia(parseSightingLine(sighting), media, 'sighting.media')
}

function missing(field: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: the part is missing`, { field })
}
