//! A small HTTP server that answers `/v1/batch` as RudderStack's gateway does: 401 without a write key, 413
//! over 4,096,000 bytes (uncompressed), 400 for a whole batch when one event in it has no user.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use flate2::read::GzDecoder;
use serde_json::value::RawValue;

#[derive(Default)]
struct State {
    requests: usize,
    events: Vec<String>,
}

pub struct Gateway {
    address: String,
    state: Arc<Mutex<State>>,
}

#[derive(serde::Deserialize)]
struct Body {
    batch: Vec<Box<RawValue>>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    user_id: Option<String>,
}

impl Gateway {
    /// A gateway that gives other answers to requests of these numbers, counted from 1.
    pub fn failing(faults: &'static [(usize, &'static str)]) -> Gateway {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(&stream.unwrap(), &shared, faults);
            }
        });
        Gateway { address, state }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// The events of all batches that were accepted.
    pub fn events(&self) -> Vec<String> {
        self.state.lock().unwrap().events.clone()
    }

    pub fn requests(&self) -> usize {
        self.state.lock().unwrap().requests
    }
}

fn answer(mut stream: &TcpStream, state: &Mutex<State>, faults: &[(usize, &str)]) {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        head.push(line.to_lowercase());
    }
    let field = |name: &str| head.iter().find_map(|line| line.strip_prefix(name)).map(str::trim);
    if field("expect:").is_some() {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
    }
    let mut body = vec![0; field("content-length:").unwrap().parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    if field("content-encoding:") == Some("gzip") {
        let mut text = Vec::new();
        GzDecoder::new(&body[..]).read_to_end(&mut text).unwrap();
        body = text;
    }
    let mut state = state.lock().unwrap();
    state.requests += 1;
    let fault = faults.iter().find(|(number, _)| *number == state.requests);
    let status = match (accept(&body), fault) {
        _ if field("authorization:").is_none() => "401 Unauthorized",
        (_, Some((_, status))) => status,
        _ if body.len() > 4_096_000 => "413 Request Entity Too Large",
        (None, _) => "400 Bad Request",
        (Some(events), _) => {
            state.events.extend(events);
            "200 OK"
        }
    };
    let length = status.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nRetry-After: 1\r\nConnection: close");
    write!(stream, "{head}\r\n\r\n{status}").unwrap();
}

/// The events of a batch, if all of them are acceptable.
fn accept(body: &[u8]) -> Option<Vec<String>> {
    let body: Body = serde_json::from_slice(body).ok()?;
    let identified = |event: &RawValue| {
        let event: Event = serde_json::from_str(event.get()).ok()?;
        event.user_id.filter(|id| !id.trim().is_empty())
    };
    body.batch.iter().map(|event| identified(event).map(|_| event.get().to_owned())).collect()
}
