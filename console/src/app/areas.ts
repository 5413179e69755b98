import { AREAS, type Area } from './navigation'
import { useHere, usePermits } from './permission'

/** The pages that the signed-in person may use, by area; areas with none are left out. */
export function useAreas(): Area[] {
  const permits = usePermits()
  const here = useHere()
  return AREAS.map((area) => ({
    ...area,
    pages: area.pages.filter(({ needs }) => {
      if (!needs) return true
      const place =
        needs.of === 'platform' || here === 'platform'
          ? 'platform'
          : needs.of === 'organization'
            ? { orgId: here.orgId }
            : here
      return permits(needs.permission, place)
    }),
  })).filter(({ pages }) => pages.length > 0)
}
