import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/** Solr over HTTP on this machine alone, with the cores of a home, until it is ended: Solr.java HOME PORT. */
public class Solr {
  public static void main(String[] given) throws Exception {
    JettyConfig config =
        JettyConfig.builder().setContext("/solr").setPort(Integer.parseInt(given[1])).build();
    new JettySolrRunner(given[0], config).start();
    Thread.currentThread().join();
  }
}
