//! A resolver with names of its own, whose connections all lead to one server on loopback. So tests have as many public hosts as they
//! like: every name that ends in `.example` has the public address 203.0.113.1 unless another answer is set.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use frontpage::net::{Resolve, ResolveError};

use super::web_server::WebServer;

type Answer = Result<Vec<IpAddr>, ResolveError>;

/// The resolver.
#[derive(Debug)]
pub struct Names {
    port: u16,
    /// By name: the answers, one for each look-up, the last one for all further look-ups.
    answers: Mutex<HashMap<String, Vec<Answer>>>,
    asked: Mutex<Vec<String>>,
    connected: Mutex<Vec<SocketAddr>>,
}

impl Names {
    /// Leads connections to any address to the port of this server on 127.0.0.1. (A URL needs no port then.)
    pub fn leading_to(server: &WebServer) -> Arc<Names> {
        let (answers, asked, connected) = Default::default();
        Arc::new(Names { port: server.port(), answers, asked, connected })
    }

    /// Sets the addresses of a name.
    pub fn set(&self, name: &str, addresses: &[&str]) {
        self.set_all(name, &[addresses]);
    }

    /// Sets the addresses of a name for the first look-up, the second, and so on.
    pub fn set_all(&self, name: &str, answers: &[&[&str]]) {
        let parsed = |addresses: &&[&str]| Ok(addresses.iter().map(|address| address.parse().expect("one")).collect());
        self.answers.lock().expect("no panic").insert(name.to_owned(), answers.iter().map(parsed).collect());
    }

    /// Lets the look-up of a name fail.
    pub fn fail(&self, name: &str, error: ResolveError) {
        self.answers.lock().expect("no panic").insert(name.to_owned(), vec![Err(error)]);
    }

    /// The names that were looked up.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }

    /// The addresses that the program wanted to connect to.
    pub fn connected(&self) -> Vec<SocketAddr> {
        self.connected.lock().expect("no panic").clone()
    }
}

impl Resolve for Names {
    fn resolve(&self, name: &str) -> Answer {
        let mut asked = self.asked.lock().expect("no panic");
        let before = asked.iter().filter(|known| *known == name).count();
        asked.push(name.to_owned());
        match self.answers.lock().expect("no panic").get(name) {
            Some(answers) => answers[before.min(answers.len() - 1)].clone(),
            None if name.ends_with(".example") => Ok(vec![IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1))]),
            None => Err(ResolveError::Unknown),
        }
    }

    fn destination(&self, address: SocketAddr) -> SocketAddr {
        self.connected.lock().expect("no panic").push(address);
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }
}
