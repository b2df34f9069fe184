//! Dumps of a table of chats, as MySQL's and PostgreSQL's own programs write them.

/// Rows of one `INSERT`: about the megabyte after which `mysqldump` starts the next.
pub const ROWS_OF_INSERT: usize = 400;

pub const NEXT_INSERT: &str = ";\nINSERT INTO `chats` VALUES ";

pub const MYSQL_AROUND: [&str; 2] = [
    "-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
--
-- Host: localhost    Database: support
-- ------------------------------------------------------
-- Server version\t8.0.36
/*!40101 SET NAMES utf8mb4 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

DROP TABLE IF EXISTS `chats`;
CREATE TABLE `chats` (
  `id` bigint NOT NULL,
  `received` datetime DEFAULT NULL,
  `note` varchar(100) DEFAULT NULL,
  `payload` longtext,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

LOCK TABLES `chats` WRITE;
/*!40000 ALTER TABLE `chats` DISABLE KEYS */;
INSERT INTO `chats` VALUES ",
    ";
/*!40000 ALTER TABLE `chats` ENABLE KEYS */;
UNLOCK TABLES;
/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
-- Dump completed on 2024-02-29 12:00:00
",
];

pub const POSTGRES_AROUND: [&str; 2] = [
    "--
-- PostgreSQL database dump
--

-- Dumped from database version 15.6
-- Dumped by pg_dump version 15.6

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;

CREATE TABLE public.chats (
    id bigint NOT NULL,
    received timestamp with time zone,
    note text,
    payload text
);

--
-- Data for Name: chats; Type: TABLE DATA; Schema: public; Owner: support
--

COPY public.chats (id, received, note, payload) FROM stdin;
",
    "
\\.


ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_pkey PRIMARY KEY (id);

--
-- PostgreSQL database dump complete
--
",
];

pub fn mysql_row(number: usize, payload: &[u8]) -> Vec<u8> {
    let id = number + 1;
    [format!("({id},'2019-05-17 09:57:00',NULL,'").as_bytes(), payload, b"')"].concat()
}

pub fn postgres_row(number: usize, payload: &[u8]) -> Vec<u8> {
    let id = number + 1;
    [format!("{id}\t2019-05-17 09:57:00+00\t\\N\t").as_bytes(), payload].concat()
}
