package analysis

import "strings"

// isName reports whether a folded word is the name of a product that is written
// with capitals inside and is not found by its parts: nobody who asks for java
// means JavaScript.
func isName(term string) bool {
	_, ok := names[term]
	return ok
}

//nolint:gochecknoglobals // immutable table
var names = makeNames()

func makeNames() map[string]struct{} {
	m := map[string]struct{}{}
	for _, n := range strings.Fields(nameList) {
		m[n] = struct{}{}
	}
	return m
}

const nameList = `
activemq aliexpress allegrograph arangodb asciidoc autocad autohotkey automl backbonejs backblaze bigquery bitbucket bitlocker
bittorrent blackberry boltdb chatgpt circleci clickhouse clickonce cloudflare cloudformation cloudfront cloudwatch cockroachdb
codeigniter codemirror coffeescript couchdb cpython crossfit csharp cuda databricks datadog deepmind deepseek devops digitalocean
docusaurus doctype dokuwiki dropbox drupal duckdb duckduckgo dynamodb ecmascript elasticache elasticsearch eslint facebook fastapi
fedex ffmpeg figma firefox firestore flatbuffers foxpro freebsd freetype fpga gitea github gitlab gitops glibc gnupg godoc golang
goland gpt grafana graphql graphviz greensql groupme grpc hadoop haproxy haskell hashicorp hbase headlessui hubspot hypercard
hypertext icloud imagemagick imessage influxdb instagram intellij ipad iphone itunes javadoc javafx javascript jetbrains jruby
jquery jsdoc jsonnet jupyter jython kotlin kubectl kubernetes kvm latex leetcode leveldb libreoffice librewolf linkedin lmdb
macbook macos macports mailchimp manpage mapbox mapreduce mariadb markdown mastercard matlab mathjax mathml maxmind mdx
mediawiki memcached minio mongodb mongoose mysql mytsql neovim netbeans netbsd netflix newrelic nextjs nginx nosql numpy
oauth objc opencl opencv openapi openbsd opengl openid openjdk opensearch openssh openssl openstack opentelemetry opentype
openvpn openwrt opera paypal pagerduty phonegap photoshop phpunit playstation postcss postgis postgres postgresql postscript
powerbi powerpc powerpoint powershell prestashop proguard prometheus protobuf pubsub pycharm pypi pypy pytest pytorch
quickbooks quicksort quicktime rabbitmq reactjs readme redhat restructuredtext rocksdb rubygems rubymine safari salesforce
scikit scylladb sharepoint shellcheck shopify sketchup skype smalltalk snapchat sonarqube soundcloud sourceforge spacex
spamassassin splunk sqlalchemy sqlite squarespace stackexchange stackoverflow steamos surrealdb sveltekit swiftui symfony
sysctl systemd tailwindcss teamcity teamviewer telegram tensorflow tex tiktok tinymce travisci truetype typescript ubuntu
uefi unixodbc victoriametrics viewmodel virtualbox visualstudio vmware vpn vscode vuejs watchos webassembly webgl webgpu
webkit webrtc websocket websockets webstorm wechat whatsapp wikidata wikimedia wikipedia wifi winforms wireguard wireshark
wordpress xcode xquery yaml youtrack youtube zeromq zookeeper
`
