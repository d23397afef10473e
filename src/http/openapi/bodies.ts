import type { JsonSchema } from '../../operations/index.ts'
import { BYTES, ref } from './schemas.ts'

const TIP_REQUESTS = {
  'application/json': {
    schema: {
      oneOf: [
        ref('Tip'),
        {
          type: 'object',
          properties: { iccam: { description: 'One report in the shape of ICCAM, or a list' } },
          required: ['iccam'],
          additionalProperties: false,
        },
      ],
    },
  },
  'text/csv': {
    schema: { type: 'string', description: 'URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE' },
  },
}

const MEDIA_REQUESTS = {
  'multipart/form-data': {
    schema: {
      type: 'object',
      properties: { sighting: ref('Sighting'), media: BYTES },
      required: ['sighting', 'media'],
    },
    encoding: { sighting: { contentType: 'application/json' } },
  },
}

/** Bodies by content type, where they are not the JSON of the operation's fields. */
export const REQUESTS: Readonly<Record<string, object>> = {
  'POST /v1/tips': TIP_REQUESTS,
  'POST /v1/sightings/media': MEDIA_REQUESTS,
  'POST /v1/screenings/media': MEDIA_REQUESTS,
}

/** Answers that have a name among the published schemas, which the types of the code do not say. */
export const PUBLISHED_ANSWERS: Readonly<Record<string, JsonSchema>> = {
  'POST /v1/sightings': ref('SightingLineAnswer'),
  'POST /v1/sightings/media': ref('SightingAnswer'),
}
