package lint

import (
	"slices"
	"strings"
)

// officialNames are images that Docker Hub has under a name alone. Others of that
// form are placeholders, or short for an image of the cluster's own registry.
//
//nolint:misspell // eclipse-mosquitto is written like that
const officialNames = `
adminer aerospike almalinux alpine amazoncorretto amazonlinux api-firewall arangodb archlinux bash bonita
buildpack-deps busybox caddy cassandra centos chronograf cirros clearlinux clefos clickhouse clojure composer consul
couchbase couchdb crate dart debian docker drupal eclipse-mosquitto eclipse-temurin eggdrop elasticsearch elixir emqx
erlang fedora flink fluentd friendica gazebo gcc geonetwork ghost golang gradle groovy haproxy haskell haxe hello-world
hitch httpd hylang ibmjava influxdb irssi jetty joomla jruby julia kapacitor kibana kong krakend lightstreamer liquibase
logstash mageia mariadb matomo maven mediawiki memcached mongo mongo-express monica mysql nats nats-streaming neo4j
neurodebian nextcloud nginx node notary odoo open-liberty openjdk oraclelinux orientdb percona perl photon php
phpmyadmin plone postfixadmin postgres pypy python r-base rabbitmq rakudo-star redis redmine registry rethinkdb
rockylinux ros ruby rust sapmachine silverpeas solr sonarqube sourcemage spark spiped storm swift swipl teamspeak
telegraf tomcat tomee traefik ubuntu unit varnish vault websphere-liberty wordpress xwiki yourls znc zookeeper
`

// isShort reports an image without registry that is none of Docker Hub's own.
func (r reference) isShort() bool {
	return !strings.Contains(r.Repository, "/") && !slices.Contains(strings.Fields(officialNames), r.Repository)
}
