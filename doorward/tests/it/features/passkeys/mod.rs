//! Tests of passkeys: a device and its browser in software, over HTTP.

mod add;
mod domain;
mod log_in;
mod page;
mod proof;
mod remove;

use axum::http::StatusCode;

use crate::app::Answer;

#[track_caller]
fn assert_refused(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!((answer.status, &*answer.code()), (status, code), "{}", answer.text);
}
