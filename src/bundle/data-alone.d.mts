export function domainsAlone(source: string): string;
export function confusablesInDomains(source: string): string;
