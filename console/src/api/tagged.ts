/** Objects with the revision that they were read at, so that nobody overwrites what they never saw. */
import { type QueryKey, queryOptions } from '@tanstack/react-query'
import { send } from './client'

/** An object as it was read; the revision is unknown where a proxy took the tag away. */
export type Tagged<T> = T & { readonly revision: number | undefined }

/** The revision that an ETag names; a proxy that packs answers makes it a weak one. */
export function revisionOf(etag: string | null): number | undefined {
  const found = /^(?:W\/)?"r(\d+)"$/.exec(etag ?? '')
  return found ? Number(found[1]) : undefined
}

export async function readTagged<T extends object>(
  path: string,
  signal?: AbortSignal,
): Promise<Tagged<T>> {
  return await taggedOf<T>(await send('GET', path, { signal }))
}

/** What an answer holds, with the revision that it names. */
export async function taggedOf<T extends object>(answer: Response): Promise<Tagged<T>> {
  const object = (await answer.json()) as T
  return { ...object, revision: revisionOf(answer.headers.get('ETag')) }
}

/** One object, read again with the lists under `key`. */
export const objectQuery = <T extends object>(key: QueryKey, path: string) =>
  queryOptions({
    queryKey: [...key, 'object', path],
    queryFn: ({ signal }) => readTagged<T>(path, signal),
  })
