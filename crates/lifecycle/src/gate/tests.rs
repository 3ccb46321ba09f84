//! When a change may be deployed, and why not.

mod laws;
mod scene;
mod standing;
mod windows;
mod words;
