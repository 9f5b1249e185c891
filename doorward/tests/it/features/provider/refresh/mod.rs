//! Refresh tokens: with one of them an app gets new tokens after the person has left.

mod chain;
mod end;
mod exchange;
mod limits;
mod model;
mod places;
