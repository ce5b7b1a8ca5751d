//! QR image of a link.
