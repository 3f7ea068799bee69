/**
 * The words for a certificate that does not verify. By one code the runtime tells several causes,
 * among them a certificate that has expired, so these are named.
 *
 * @param code the runtime's code, such as `UNABLE_TO_VERIFY_LEAF_SIGNATURE`
 * @param why the runtime's words
 */
export function untrustedText(code: string, why: string): string {
  const causes = code === "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
    ? " (it has expired, its issuer is not trusted, or the clock of this server is wrong)"
    : "";
  return `the certificate does not verify: ${why}${causes}`;
}
