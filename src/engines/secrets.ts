// Addresses hold passwords. What is printed or stored goes through here first.

/** The address without the name and the password of the user, and without what follows a question mark. */
export const withoutSecrets = (address: string): string =>
  address.replace(/^([a-z][a-z\d+.-]*:\/\/)(?:.*@)?([^?#]*).*$/is, "$1$2");

/** A message in which addresses, if there are any, show no user and no password. */
export const scrubbed = (message: string): string => message.replace(/([a-z][a-z\d+.-]*:\/\/)\S*@/gi, "$1");
