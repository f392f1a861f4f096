import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * HDFS and YARN on 127.0.0.1, until the process is killed. Writes their configuration to the folder
 * in the second argument, {@code core-site.xml} last; the first argument is a folder for their data.
 */
public final class MiniCluster {
  public static void main(String[] args) throws Exception {
    Path base = Files.createDirectories(Path.of(args[0]));
    Path conf = Files.createDirectories(Path.of(args[1]));
    HdfsConfiguration hdfs = new HdfsConfiguration();
    hdfs.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, base.resolve("dfs").toString());
    hdfs.set("dfs.permissions.enabled", "false");
    MiniDFSCluster dfs = new MiniDFSCluster.Builder(hdfs).numDataNodes(1).format(true).build();
    dfs.waitActive();

    YarnConfiguration settings = new YarnConfiguration(hdfs);
    settings.set("fs.defaultFS", dfs.getFileSystem().getUri().toString());
    settings.setInt("yarn.nodemanager.resource.memory-mb", 4096);
    settings.setInt("yarn.minicluster.yarn.nodemanager.resource.memory-mb", 4096);
    settings.setInt("yarn.nodemanager.resource.cpu-vcores", 8);
    settings.setInt("yarn.scheduler.minimum-allocation-mb", 256);
    settings.setInt("yarn.scheduler.maximum-allocation-mb", 4096);
    settings.setBoolean("yarn.minicluster.control-resource-monitoring", false);
    settings.setBoolean("yarn.nodemanager.disk-health-checker.enable", false);
    settings.setBoolean("yarn.nodemanager.pmem-check-enabled", false);
    settings.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
    settings.set("yarn.scheduler.capacity.root.queues", "default");
    settings.set("yarn.scheduler.capacity.root.default.capacity", "100");
    settings.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1.0");
    settings.set("yarn.scheduler.capacity.node-locality-delay", "-1");
    // Containers' logs stay where the test can show them.
    settings.setInt("yarn.nodemanager.delete.debug-delay-sec", 600);
    MiniYARNCluster yarn = new MiniYARNCluster("mini", 2, 1, 1);
    yarn.init(settings);
    yarn.start();
    if (!yarn.waitForNodeManagersToConnect(60_000)) {
      throw new IllegalStateException("YARN's nodes do not answer");
    }

    Configuration used = yarn.getConfig();
    used.set("yarn.application.classpath", "");
    // The one set here is a class of the tests of Hadoop, which containers do not have.
    used.set(
        "net.topology.node.switch.mapping.impl", "org.apache.hadoop.net.ScriptBasedMapping");
    for (String name : new String[] {"yarn-site.xml", "core-site.xml"}) {
      Path whole = conf.resolve(name + ".new");
      try (OutputStream out = Files.newOutputStream(whole)) {
        used.writeXml(out);
      }
      Files.move(whole, conf.resolve(name));
    }
    Thread.currentThread().join();
  }
}
