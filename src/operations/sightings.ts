import { HindraError } from '../errors.ts'
import { areTelling, isByHashes, parseSightingLine } from '../intake/terms.ts'
import { feed, upload } from './operation.ts'

/** What of a sighting is no media: its URL, page, hashes. */
const FIELDS_BYTES_MAX = 1024 * 1024
/** How many hashes a line has of which thousands may be worked on at once; a film brings hundreds. */
const FEW_HASHES = 16

export const sightings = {
  submit: feed('POST /v1/sightings', {
    needs: 'sighting:submit',
    says: 'Sightings, one a line, answered while the request still runs',
    pace: 'sightings',
    /** Searched by a few hashes, and certainly not fetched before it is answered. */
    isLight(sighting) {
      const { hashes = [] } = sighting
      return isByHashes(sighting) && areTelling(hashes) && hashes.length <= FEW_HASHES
    },
    run: ({ seeing, admitHit }, by, sighting, worked) =>
      seeing.sightings.submit(
        by,
        sighting,
        () => {
          admitHit(by)
        },
        worked,
      ),
  }),
  submitMedia: upload('POST /v1/sightings/media', {
    needs: 'sighting:submit',
    says: 'One sighting with its media',
    form: ({ decode }) => ({
      sighting: { bytesMax: FIELDS_BYTES_MAX, setting: 'the limit of the other fields' },
      media: { bytesMax: decode.bytesMax, setting: 'decode.bytesMax' },
    }),
    async run({ seeing }, by, { sighting, media }) {
      if (sighting === undefined) throw missing('sighting')
      if (media === undefined) throw missing('media')
      const seen = parseSightingLine(sighting)
      if (seen.media === undefined) return seeing.sightings.submit(by, { ...seen, media })
      throw new HindraError('INVALID_INPUT', 'sighting.media: the media is a part of its own', {
        field: 'sighting.media',
      })
    },
  }),
  scan: feed('POST /v1/scans', {
    needs: 'scan',
    says: 'As sightings, opening no case: with the evidence',
    pace: 'scans',
    run: ({ scan }, by, sighting) => scan(by, sighting),
  }),
}

function missing(field: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: the part is missing`, { field })
}
