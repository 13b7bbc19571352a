//! A job taken to its end step by step, as a worker takes it, when it needs no bytes.

use marquetry::job::{Job, Step};

/// What comes of a job; checks on the way that progress never falls.
pub fn done<J: Job>(mut job: J) -> J::Output {
    let mut last = 0.0;
    loop {
        match job.step().unwrap() {
            Step::Working(progress) => {
                assert!(progress.ratio >= last && progress.ratio <= 1.0, "{progress:?} after {last}");
                last = progress.ratio;
            }
            Step::Done(output) => return output,
            other => panic!("unexpected {:?}", std::mem::discriminant(&other)),
        }
    }
}
